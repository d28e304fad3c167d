import { useState } from "preact/hooks";
import { date as dateText } from "../language/formats";
import { plural, t } from "../language/t";
import { memoryApi } from "../memoryApi";
import { tell, type Row } from "../state/chat";
import type { Memory, Message } from "../types";
import { announce } from "../ui/announce";
import { Menu } from "../ui/Menu";
import { focusMessage } from "./focus";
import { openMessage } from "./openMessage";
import "./sources.css";

const FEW = 3;

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
      <ul class="memories" aria-label={t("Remembered from earlier conversations")}>
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
          {plural(more, "{n} more that was remembered", "{n} more that were remembered")}
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
      to ? t("It will not be used again.") : t("It may be used again."),
    );
  const remove = () =>
    attempt(async () => {
      await memoryApi.remove(row.message.peek().id, id);
      without(row, id);
      focusMessage(row.message.peek().id);
    }, t("Removed. It will not be used in this conversation."));
  const date = dateText(said_at);
  if (!text) return <li class="memory gone">{t("Forgotten, {date}", { date })}</li>;
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
          {muted ? t("Not used again") : t("Remembered")}: {title}
        </span>
        <span>{date}</span>
      </a>
      <Menu
        label={t("What to do with “{title}”", { title })}
        items={[
          { label: t("Remove from this conversation"), icon: "close", run: () => void remove() },
          muted
            ? { label: t("Use again"), icon: "again", run: () => void mute(false) }
            : { label: t("Don’t use again"), icon: "trash", run: () => void mute(true) },
        ]}
      />
    </li>
  );
}
