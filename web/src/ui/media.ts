import { signal } from "@preact/signals";

const narrowScreen = matchMedia("(max-width: 760px)");

/** The sidebar is a drawer then. */
export const narrow = signal(narrowScreen.matches);

narrowScreen.addEventListener("change", (event) => (narrow.value = event.matches));
