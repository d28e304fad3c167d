import { signal } from "@preact/signals";

/** Whether something is being looked for in the conversation on screen. */
export const findingWithin = signal(false);
