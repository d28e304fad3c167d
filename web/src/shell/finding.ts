import { signal } from "@preact/signals";

/** Whether the palette is open. */
export const finding = signal(false);
/** Whether the sheet of shortcuts is. */
export const sheetOpen = signal(false);

/** Ctrl or Cmd and K, until the table of all keys is there. */
let handler = (event: KeyboardEvent) => {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  finding.value = !finding.peek();
};

export const onKey = (event: KeyboardEvent) => handler(event);
export const handleKeys = (by: typeof handler) => (handler = by);
