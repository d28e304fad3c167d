import { openMessage } from "../chat/openMessage";
import { date } from "../language/formats";
import { t } from "../language/t";

interface SourceProps {
  conversationId: string;
  messageId: string;
  /** Of the conversation. */
  title: string;
  saidAt: number;
  words: string;
  /** What to say when it cannot be opened. */
  onProblem: (why: string) => void;
}

/** Stays together where a line ends. */
export const day = (at: number) => date(at).replaceAll(" ", "\u00a0");

/** What was said; opens the conversation at the message. */
export function SourceLink(props: SourceProps) {
  const { conversationId, messageId, title, saidAt, words, onProblem } = props;
  return (
    <>
      <a
        href={`/c/${conversationId}`}
        title={t("Open “{title}”", { title })}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          event.stopPropagation();
          openMessage(conversationId, messageId).catch((error: Error) => onProblem(error.message));
        }}
      >
        {words}
      </a>{" "}
      {day(saidAt)}
    </>
  );
}
