import { type Signal, signal } from "@preact/signals";
import type { Message } from "../types";

/** A second answer that is shown beside the last one, until one of them is kept. */
export interface Beside {
  /** Of the row it stands beside. */
  key: string;
  message: Signal<Message>;
}

export const beside = signal<Beside | null>(null);
/** The model that answers the next question, too. */
export const compareWith = signal<string | null>(null);
