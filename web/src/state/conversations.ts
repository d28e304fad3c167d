// The list in the sidebar, newest activity first, read page by page.
import { signal } from "@preact/signals";
import { api } from "../api";
import type { Conversation } from "../types";
import { keepDraft } from "./drafts";

const PAGE = 40;

export const conversations = signal<Conversation[]>([]);
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

export const loadConversations = () => readPage(null);

export async function loadMoreConversations() {
  if (next) await readPage(next);
}

/** New activity: on top of the list. */
export function touchConversation(conversation: Conversation) {
  const others = conversations.peek().filter((one) => one.id !== conversation.id);
  conversations.value = [conversation, ...others];
}

export async function renameConversation(id: string, title: string) {
  const renamed = await api.editConversation(id, { title });
  conversations.value = conversations.peek().map((one) => (one.id === id ? renamed : one));
  return renamed;
}

export async function deleteConversation(id: string) {
  await api.deleteConversation(id);
  keepDraft(id, "");
  conversations.value = conversations.peek().filter((one) => one.id !== id);
}
