import { signal } from "@preact/signals";

/** Text offered to the composer, which takes it and clears this. */
export const suggestion = signal<string | null>(null);
