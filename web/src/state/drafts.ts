// Unsent text, per conversation; "new" is the one that does not exist yet.
import { keep, recall } from "./stored";

const key = (conversationId: string | null) => `draft.${conversationId ?? "new"}`;

export const readDraft = (conversationId: string | null) => recall(key(conversationId)) ?? "";

export const keepDraft = (conversationId: string | null, text: string) =>
  keep(key(conversationId), text);
