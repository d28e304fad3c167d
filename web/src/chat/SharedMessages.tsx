import { t } from "../language/t";
import { textOf } from "../state/thread";
import type { Message } from "../types";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { Boundary } from "./Boundary";
import { useCitation } from "./Citation";
import { Markdown } from "./markdown";
import { noteText } from "./notes";
import { Sources, sourcesOf } from "./Sources";

/** Somebody else's messages, to read. */
export function SharedMessages({ list }: { list: Message[] }) {
  return (
    <div role="feed" aria-label={t("Messages")}>
      {list.map((message, at) => (
        <article
          key={message.id}
          class={`message ${message.role}`}
          aria-posinset={at + 1}
          aria-setsize={-1}
          aria-labelledby={`${message.id}-label`}
          tabIndex={-1}
        >
          <h2 class="visually-hidden" id={`${message.id}-label`}>
            {message.role === "user" ? t("Question") : t("Answer")}
          </h2>
          <Boundary instead={<p class="plain-text">{textOf(message)}</p>}>
            {message.role === "user" ? <Asked message={message} /> : <Answer message={message} />}
          </Boundary>
        </article>
      ))}
    </div>
  );
}

function Asked({ message }: { message: Message }) {
  const text = textOf(message);
  const names = message.parts.flatMap((part) => (part.type === "attachment" ? [part.name] : []));
  return (
    <>
      {text && (
        <div class="bubble">
          <p class="plain-text" dir="auto">
            {text}
          </p>
        </div>
      )}
      {names.length > 0 && (
        <p class="hint">{t("Attached, not shown: {names}", { names: names.join(", ") })}</p>
      )}
    </>
  );
}

function Answer({ message }: { message: Message }) {
  const text = textOf(message);
  const sources = sourcesOf(message);
  const writing = message.answer?.status === "running";
  const citation = useCitation(sources);
  return (
    <>
      {message.parts.map((part, at) =>
        part.type === "notice" ? (
          <p key={at} class="answer-note">
            <Icon name="info" /> {noteText(part)}
          </p>
        ) : null,
      )}
      <div class="answer">{text && <Markdown text={text} citation={citation} />}</div>
      {writing && <p class="hint">{t("The answer is being written. It shows when it is done.")}</p>}
      {sources.length > 0 && <Sources items={sources} />}
      {text && (
        <div class="actions">
          <CopyButton label={t("Copy answer")} text={() => text} />
        </div>
      )}
    </>
  );
}
