import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { msg, t } from "../language/t";
import { rows } from "../state/chat";
import { unreached } from "../state/session";
import { place, reconnecting } from "../state/stream";
import { textOf } from "../state/thread";
import type { AnswerStatus } from "../types";
import { announce } from "../ui/announce";
import { noteText } from "./notes";
import { placeText } from "./place";
import { sentenceEnd } from "./sentences";

const endings: Partial<Record<AnswerStatus, string>> = {
  done: msg("Answer complete"),
  stopped: msg("Answer stopped"),
  failed: msg("The answer failed"),
  interrupted: msg("The answer was interrupted"),
};

/** As it is heard: without numbers of sources and marks. */
const heard = (text: string) => text.replace(/\[\d+\]|[*_`#|]/g, "").trim();

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
      const { status, error } = message.answer;
      const text = textOf(message);
      if (status === "running") {
        if (key !== row.key) {
          key = row.key;
          said = text.length;
          notes = 0;
          if (!said) announce(t("Waiting for the model"));
        }
        const news = message.parts.filter((part) => part.type === "notice").slice(notes);
        notes += news.length;
        if (news.length) announce(news.map(noteText).join(" "));
        const end = said + sentenceEnd(text.slice(said));
        if (end > said) announce(heard(text.slice(said, end)));
        said = end;
      } else if (key === row.key) {
        key = "";
        const why = error ? t(error.detail) : "";
        const last = [heard(text.slice(said)), t(endings[status] ?? ""), why];
        announce(last.filter(Boolean).join(" "));
      }
    });
    const stopStatus = effect(() => {
      if (reconnecting.value && !unreached.peek()) announce(t("Connection lost. Reconnecting."));
    });
    let ahead: number | null = null;
    const stopPlace = effect(() => {
      const now = place.value;
      if (now && now.ahead !== ahead) announce(placeText(now));
      ahead = now ? now.ahead : null;
    });
    return () => (stop(), stopStatus(), stopPlace());
  }, []);
}
