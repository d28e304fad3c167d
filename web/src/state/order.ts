// Renamed, pinned, put away and brought back. Apart from the list, because a first visit needs none of it.
import { signal } from "@preact/signals";
import { api, ApiError, at, request } from "../api";
import type { Conversation } from "../types";
import { conversation as opened } from "./chat";
import { conversations, pinned, without } from "./conversations";
import { keepDraft } from "./drafts";

/** What has just been put away, with the way back. */
export const undoable = signal<Conversation | null>(null);

/** Changed, and still where it was. */
function replace(conversation: Conversation) {
  const put = (one: Conversation) => (one.id === conversation.id ? conversation : one);
  conversations.value = conversations.peek().map(put);
  pinned.value = pinned.peek().map(put);
  if (opened.peek()?.id === conversation.id) opened.value = conversation;
}

export async function renameConversation(id: string, title: string) {
  const renamed = await api.editConversation(id, { title });
  replace(renamed);
  return renamed;
}

export async function pinConversation(id: string, on: boolean) {
  const changed = await api.editConversation(id, { pinned: on });
  replace(changed);
  pinned.value = [...(on ? [changed] : []), ...without(pinned.peek(), id)];
}

/** Archived or thrown away, and for a while a way back. */
export async function putAway(id: string, place: "archived" | "trash") {
  const wasPinned = pinned.peek().some((one) => one.id === id);
  const away = await api.editConversation(id, { place });
  conversations.value = without(conversations.peek(), id);
  pinned.value = without(pinned.peek(), id);
  undoable.value = { ...away, pinned: wasPinned };
}

/** Pinned again, if it says that it was. */
export async function bringBack({ id, pinned: wasPinned }: Conversation) {
  const back = await api.editConversation(id, { place: "current", pinned: wasPinned });
  if (undoable.peek()?.id === id) undoable.value = null;
  const others = without(conversations.peek(), id);
  conversations.value = [...others, back].sort((a, b) => b.updated_at - a.updated_at);
  if (back.pinned) pinned.value = [back, ...without(pinned.peek(), id)];
  return back;
}

export async function deleteConversation(id: string) {
  try {
    await request("DELETE", `/api/conversations/${at(id)}`);
  } catch (error) {
    // In another tab, or its time in the trash was up.
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  if (undoable.peek()?.id === id) undoable.value = null;
  keepDraft(id, "");
}
