// The list in the sidebar, newest activity first, read page by page.
import { signal } from "@preact/signals";
import { api } from "../api";
import type { Conversation } from "../types";

const PAGE = 40;
const MOST_PINNED = 200;

export const conversations = signal<Conversation[]>([]);
/** Those on top, wherever they would stand in the list. */
export const pinned = signal<Conversation[]>([]);
export const listState = signal<"loading" | "ready" | "failed">("loading");
let next: string | null = null;
let reading = false;

async function readPage(before: string | null) {
  if (reading) return;
  reading = true;
  if (!conversations.peek().length) listState.value = "loading";
  try {
    const asked = Date.now();
    const page = await api.conversations(before, PAGE);
    const known = new Set(page.items.map((one) => one.id));
    // A first page replaces the list, but for what began while it was on its way.
    const kept = conversations
      .peek()
      .filter((one) => !known.has(one.id) && (before || one.updated_at >= asked));
    conversations.value = [...kept, ...page.items];
    next = page.next;
    listState.value = "ready";
  } catch {
    listState.value = "failed";
  } finally {
    reading = false;
  }
}

export async function loadConversations() {
  await Promise.all([readPage(null), loadPinned()]);
}

async function loadPinned() {
  try {
    pinned.value = (await api.conversations(null, MOST_PINNED, { pinned: "true" })).items;
  } catch {
    // The list says that it could not be read.
  }
}

export async function loadMoreConversations() {
  if (next) await readPage(next);
}

export const without = (list: Conversation[], id: string) => list.filter((one) => one.id !== id);

/** Into the lists where it belongs now: on top of them, as of new activity. */
export function touchConversation(conversation: Conversation) {
  const { id } = conversation;
  const listed = conversation.place !== "temporary"; // what is archived comes back
  conversations.value = [...(listed ? [conversation] : []), ...without(conversations.peek(), id)];
  pinned.value = [...(conversation.pinned ? [conversation] : []), ...without(pinned.peek(), id)];
}
