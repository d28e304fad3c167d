import { useState } from "preact/hooks";
import { seconds } from "../language/formats";
import { t } from "../language/t";
import { running, type Row } from "../state/chat";
import { place } from "../state/stream";
import { branchOff, continueAnswer, regenerate } from "../state/versions";
import { textOf } from "../state/thread";
import type { Message } from "../types";
import { IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { AnswerDetails } from "./AnswerDetails";
import { AnswerEnding } from "./AnswerEnding";
import { useCitation } from "./Citation";
import { focusMessage } from "./focus";
import { Markdown } from "./markdown";
import { Memories } from "./Memories";
import { noteText } from "./notes";
import { placeText } from "./place";
import { Sources, sourcesOf } from "./Sources";
import { Versions } from "./Versions";
// In one sheet with the messages, whose rules it repeats.
import "../markdown/markdown.css";

export function AssistantMessage({ row, last }: { row: Row; last: boolean }) {
  const message = row.message.value;
  const writing = message.answer?.status === "running";
  const text = textOf(message);
  const sources = sourcesOf(message);
  const citation = useCitation(sources);
  const goOn = () => {
    focusMessage();
    return continueAnswer(row);
  };
  return (
    <>
      <Reasoning message={message} open={writing && !text} />
      {message.parts.map((part, at) =>
        part.type === "notice" ? (
          <p key={at} class="answer-note">
            <Icon name="info" /> {noteText(part)}
          </p>
        ) : null,
      )}
      <div class={`answer ${writing ? "writing" : ""}`} aria-busy={writing}>
        {text ? <Markdown text={text} citation={citation} /> : writing && <Waiting />}
      </div>
      {sources.length > 0 && <Sources items={sources} />}
      {message.parts.map((part, at) =>
        part.type === "memories" && part.items.length > 0 ? (
          <Memories key={at} row={row} items={part.items} />
        ) : null,
      )}
      {message.answer && !writing && (
        <AnswerEnding
          answer={message.answer}
          empty={!text}
          disabled={running.value}
          onContinue={last ? () => void goOn() : undefined}
        />
      )}
      {!writing && <Actions row={row} text={text} />}
    </>
  );
}

function Waiting() {
  return (
    <p class="waiting">
      {place.value ? (
        `${placeText(place.value)} `
      ) : (
        <span class="visually-hidden">{t("Waiting for the model")}</span>
      )}
    </p>
  );
}

const reasoned = (ms?: number | null) =>
  ms == null
    ? t("Reasoning")
    : ms < 1000
      ? t("Thought for less than a second")
      : t("Thought for {time}", { time: seconds(ms) });

function Reasoning({ message, open }: { message: Message; open: boolean }) {
  const [shown, setShown] = useState(false);
  const reasoning = textOf(message, "reasoning");
  if (!reasoning) return null;
  return (
    <details class="reasoning" onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{open ? t("Thinking…") : reasoned(message.answer?.thought_ms)}</summary>
      {shown && <Markdown text={reasoning} />}
    </details>
  );
}

function Actions({ row, text }: { row: Row; text: string }) {
  const [detailed, setDetailed] = useState(false);
  const message = row.message.value;
  return (
    <>
      <div class="actions">
        <Versions message={message} />
        {text && <CopyButton label={t("Copy answer")} text={() => text} />}
        <IconButton
          icon="again"
          label={t("Regenerate")}
          disabled={running.value}
          onClick={() => {
            focusMessage();
            void regenerate(row);
          }}
        />
        <IconButton
          icon="branch"
          label={t("Branch into a new conversation")}
          onClick={() => void branchOff(message.id)}
        />
        <IconButton
          icon="info"
          label={t("Details")}
          aria-expanded={detailed}
          onClick={() => setDetailed(!detailed)}
        />
        {message.answer?.from_cache && <span class="hint">{t("from cache")}</span>}
      </div>
      {detailed && message.answer && <AnswerDetails answer={message.answer} />}
    </>
  );
}
