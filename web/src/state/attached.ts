import { signal } from "@preact/signals";

/** A text or a picture that goes with the message being written. */
export interface Attached {
  name: string;
  /** Empty beside a picture. */
  text: string;
  image?: { id: string; width: number; height: number };
}

export const attached = signal<readonly Attached[]>([]);
