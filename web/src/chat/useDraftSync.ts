import { useEffect, useRef } from "preact/hooks";
import { openId } from "../state/chat";
import { readDraft } from "../state/drafts";
import { newerDraft, tookDraft } from "../state/draftSync";
import type { Pen } from "./pen";

/** What was written on another device comes into the message, where nothing else is being written. */
export function useDraftSync(pen: Pen) {
  const id = openId.value;
  const now = useRef(pen);
  now.current = pen;
  useEffect(() => {
    const look = async () => {
      if (document.hidden) return;
      const draft = await newerDraft(id).catch(() => null);
      const { text, write } = now.current;
      if (!draft || id !== openId.peek() || text !== readDraft(id)) return;
      write(draft.text);
      tookDraft(id, draft);
    };
    void look();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [id]);
}
