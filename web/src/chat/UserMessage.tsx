import { useState } from "preact/hooks";
import { running, type Row } from "../state/chat";
import { textOf } from "../state/thread";
import { Button, IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { MessageEditor } from "./MessageEditor";
import { Versions } from "./Versions";

const LONG = 4000;

export function UserMessage({ row }: { row: Row }) {
  const [editing, setEditing] = useState(false);
  const [whole, setWhole] = useState(false);
  const message = row.message.value;
  const text = textOf(message);
  if (editing) return <MessageEditor row={row} text={text} onDone={() => setEditing(false)} />;
  const folded = text.length > LONG && !whole;
  return (
    <>
      <div class="bubble">
        <p class="plain-text">{folded ? `${text.slice(0, LONG)}…` : text}</p>
        {folded && (
          <Button onClick={() => setWhole(true)}>
            Show all {text.length.toLocaleString()} characters
          </Button>
        )}
      </div>
      <div class="actions">
        <Versions message={message} />
        <CopyButton label="Copy" text={() => text} />
        <IconButton
          icon="edit"
          label="Edit"
          disabled={running.value}
          onClick={() => setEditing(true)}
        />
      </div>
    </>
  );
}
