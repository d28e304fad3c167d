import { signal } from "@preact/signals";

/** The message that the list is to bring into view, and maybe to give the focus. */
export const sought = signal<{ id: string; focus: boolean } | null>(null);
