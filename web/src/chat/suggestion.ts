import { signal } from "@preact/signals";

/** Text offered to the composer, which takes it and clears this. */
export const suggestion = signal<string | null>(null);

/** How conversations with the chosen persona may begin; none: as any. */
export const starters = signal<string[]>([]);
