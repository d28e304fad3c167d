import { useState } from "preact/hooks";
import { t } from "../language/t";
import { running, type Row } from "../state/chat";
import { attachedTo } from "../state/attaching";
import { edits, keepEdit } from "../state/edits";
import { textOf } from "../state/thread";
import { Button, IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Attachments } from "./Attachments";
import { MessageEditor } from "./MessageEditor";
import { Versions } from "./Versions";

const LONG = 4000;

export function UserMessage({ row }: { row: Row }) {
  const [whole, setWhole] = useState(false);
  const message = row.message.value;
  const text = textOf(message);
  const attachedHere = attachedTo(message);
  const edit = edits.value[message.id];
  if (edit !== undefined) return <MessageEditor row={row} text={text} draft={edit} />;
  const folded = text.length > LONG && !whole;
  return (
    <>
      {text && (
        <div class="bubble">
          <p class="plain-text" dir="auto">
            {folded ? `${text.slice(0, LONG)}…` : text}
          </p>
          {folded && (
            <Button onClick={() => setWhole(true)}>
              {t("Show all {n} characters", { n: text.length })}
            </Button>
          )}
        </div>
      )}
      <Attachments list={attachedHere} />
      <div class="actions">
        <Versions message={message} />
        <CopyButton label={t("Copy")} text={() => text} />
        <IconButton
          icon="edit"
          label={t("Edit")}
          disabled={running.value}
          onClick={() => keepEdit(message.id, text)}
        />
      </div>
    </>
  );
}
