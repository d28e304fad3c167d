import { signal } from "@preact/signals";

/** Whether the palette is open. */
export const finding = signal(false);

/** Ctrl or Cmd and K, from everywhere. */
export function onFindKey(event: KeyboardEvent) {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  finding.value = !finding.peek();
}
