import type { RefObject } from "preact";

/** What the parts of the composer that come later have to do with its text. */
export interface Pen {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  write: (text: string) => void;
}

/** In place of what is between the two, as if it had been typed: the browser's Undo takes it back. */
export function typeOver(area: HTMLTextAreaElement, from: number, to: number, text: string) {
  area.focus();
  area.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
