// Whether memory is on: for the person, and for the conversation on screen.
import { computed, signal } from "@preact/signals";
import { api } from "../api";
import { memoryApi } from "../memoryApi";
import type { Conversation, MemoryState } from "../types";
import { conversation, openId, tell, wantedMemory, wantedTemporary } from "./chat";

export const memoryState = signal<MemoryState | null>(null);

/** Of the conversation on screen. */
export const remembers = computed(() => conversation.value?.memory ?? wantedMemory.value ?? true);

/** The conversation on screen leaves nothing behind, or the one that is to begin. */
export const temporary = computed(() =>
  conversation.value ? conversation.value.place === "temporary" : wantedTemporary.value,
);

export async function loadMemory() {
  memoryState.value = await memoryApi.state();
}

export async function enableMemory(enabled: boolean) {
  const before = memoryState.peek();
  if (before) memoryState.value = { ...before, enabled };
  try {
    memoryState.value = await memoryApi.enable(enabled);
  } catch (error) {
    memoryState.value = before;
    throw error;
  }
}

/** A conversation that has not begun says it with its first question. */
export async function rememberConversation(memory: boolean) {
  const here = openId.peek();
  if (!here) {
    wantedMemory.value = memory;
    return;
  }
  const before = conversation.peek();
  const show = (now: Conversation) => {
    if (here === openId.peek()) conversation.value = now;
  };
  if (before) show({ ...before, memory });
  try {
    show(await api.editConversation(here, { memory }));
  } catch (error) {
    if (before) show(before);
    tell(error);
  }
}
