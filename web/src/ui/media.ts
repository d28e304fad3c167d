import { signal } from "@preact/signals";

/** No Shift key at hand, so Enter begins a new line. */
export const touch = matchMedia("(hover: none)");

const narrowScreen = matchMedia("(max-width: 760px)");

/** The sidebar is a drawer then. */
export const narrow = signal(narrowScreen.matches);

narrowScreen.addEventListener("change", (event) => (narrow.value = event.matches));
