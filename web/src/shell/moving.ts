import { signal } from "@preact/signals";
import type { Conversation } from "../types";

/** For which the folder is being chosen. */
export const moving = signal<Conversation[] | null>(null);
