import { useState } from "preact/hooks";
import { memoryApi } from "../memoryApi";
import { tell, type Row } from "../state/chat";
import type { Memory, Message } from "../types";
import { announce } from "../ui/announce";
import { Menu } from "../ui/Menu";
import { focusMessage } from "./focus";
import { openMessage } from "./openMessage";
import "./sources.css";

const FEW = 3;

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

function without(row: Row, id: string) {
  const message = row.message.peek();
  const parts: Message["parts"] = message.parts.map((part) =>
    part.type === "memories"
      ? { ...part, items: part.items.filter((item) => item.id !== id) }
      : part,
  );
  row.message.value = { ...message, parts };
}

/** What of earlier conversations the model was told. */
export function Memories({ row, items }: { row: Row; items: Memory[] }) {
  const [all, setAll] = useState(false);
  const shown = all || items.length <= FEW + 1 ? items : items.slice(0, FEW);
  const more = items.length - shown.length;
  return (
    <>
      <ul class="memories" aria-label="Remembered from earlier conversations">
        {shown.map((memory) => (
          <Chip key={memory.id} row={row} memory={memory} />
        ))}
      </ul>
      {more > 0 && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setAll(true);
            focusMessage(row.message.peek().id);
          }}
        >
          {more} more that were remembered
        </button>
      )}
    </>
  );
}

function Chip({ row, memory }: { row: Row; memory: Memory }) {
  const [muted, setMuted] = useState(false);
  const { id, title, text, said_at } = memory;
  const attempt = async (work: () => Promise<unknown>, said: string) => {
    try {
      await work();
      announce(said);
    } catch (error) {
      tell(error);
    }
  };
  const mute = (to: boolean) =>
    attempt(
      async () => {
        await (to ? memoryApi.mute(id) : memoryApi.restore(id));
        setMuted(to);
      },
      to ? "It will not be used again." : "It may be used again.",
    );
  const remove = () =>
    attempt(async () => {
      await memoryApi.remove(row.message.peek().id, id);
      without(row, id);
      focusMessage(row.message.peek().id);
    }, "Removed. It will not be used in this conversation.");
  const date = day.format(said_at);
  if (!text) return <li class="memory gone">Forgotten, {date}</li>;
  return (
    <li class={`memory ${muted ? "gone" : ""}`}>
      <a
        href={`/c/${memory.conversation_id}`}
        title={text}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          event.stopPropagation();
          openMessage(memory.conversation_id, memory.message_id).catch(tell);
        }}
      >
        <span class="memory-title">
          {muted ? "Not used again" : "Remembered"}: {title}
        </span>
        <span>{date}</span>
      </a>
      <Menu
        label={`What to do with “${title}”`}
        items={[
          { label: "Remove from this conversation", icon: "close", run: () => void remove() },
          muted
            ? { label: "Use again", icon: "again", run: () => void mute(false) }
            : { label: "Don’t use again", icon: "trash", run: () => void mute(true) },
        ]}
      />
    </li>
  );
}
