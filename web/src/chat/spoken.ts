import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { msg, t } from "../language/t";
import { rows } from "../state/chat";
import { unreached } from "../state/session";
import { reconnecting } from "../state/stream";
import { textOf } from "../state/thread";
import type { AnswerStatus } from "../types";
import { announce } from "../ui/announce";
import { noteText } from "./notes";
import { sentenceEnd } from "./sentences";

const endings: Partial<Record<AnswerStatus, string>> = {
  done: msg("Answer complete"),
  stopped: msg("Answer stopped"),
  failed: msg("The answer failed"),
  interrupted: msg("The answer was interrupted"),
};

/** An answer being written is read out sentence by sentence; the log itself is silent. */
export function useSpokenAnswer() {
  useEffect(() => {
    let key = "";
    let said = 0;
    let notes = 0;
    const stop = effect(() => {
      const row = rows.value.at(-1);
      const message = row?.message.value;
      if (!row || !message?.answer) return;
      const { status } = message.answer;
      const text = textOf(message);
      if (status === "running") {
        if (key !== row.key) {
          key = row.key;
          said = text.length;
          notes = 0;
        }
        const news = message.parts.filter((part) => part.type === "notice").slice(notes);
        notes += news.length;
        if (news.length) announce(news.map(noteText).join(" "));
        const end = said + sentenceEnd(text.slice(said));
        if (end > said)
          announce(
            text
              .slice(said, end)
              .replace(/\[\d+\]|[*_`#|]/g, "")
              .trim(),
          );
        said = end;
      } else if (key === row.key) {
        key = "";
        announce(`${text.slice(said)} ${t(endings[status] ?? "")}`.trim());
      }
    });
    const stopStatus = effect(() => {
      if (reconnecting.value && !unreached.peek()) announce(t("Connection lost. Reconnecting."));
    });
    return () => (stop(), stopStatus());
  }, []);
}
