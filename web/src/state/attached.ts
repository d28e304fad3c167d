import { signal } from "@preact/signals";

/** A text that goes with the message being written. */
export interface Attached {
  name: string;
  text: string;
}

export const attached = signal<readonly Attached[]>([]);
