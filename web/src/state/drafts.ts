// Unsent text, per person and conversation; "new" is the one that does not exist yet.
import { user } from "./session";
import { keep, recall } from "./stored";

const key = (conversationId: string | null) =>
  `draft.${user.peek()?.id}.${conversationId ?? "new"}`;

let hear: (conversationId: string | null) => void = () => {};

/** Told of every change: who tells the server is loaded later. */
export const whenDrafted = (callback: typeof hear) => (hear = callback);

export const readDraft = (conversationId: string | null) => recall(key(conversationId)) ?? "";

export function keepDraft(conversationId: string | null, text: string) {
  keep(key(conversationId), text);
  hear(conversationId);
}

/** Its conversation is gone: the text is offered to the next one. */
export function moveDraft(conversationId: string) {
  if (!readDraft(null)) keepDraft(null, readDraft(conversationId));
  keepDraft(conversationId, "");
}
