// A temporary conversation is deleted when it is left: for another one, or with the page.
import { effect } from "@preact/signals";
import { api, at, request } from "../api";
import { conversation, openId, tell } from "./chat";
import type { Conversation } from "../types";
import { touchConversation } from "./conversations";

let shown: string | null = null;

function leave() {
  if (!shown) return;
  // The server finds what is left behind, when this does not reach it.
  void request("DELETE", `/api/conversations/${at(shown)}`, { keepalive: true }).catch(() => {});
  shown = null;
}

effect(() => {
  const now = conversation.value;
  if (shown && openId.value !== shown) leave();
  shown = now?.place === "temporary" ? now.id : null;
});
addEventListener("pagehide", leave);

/** From now on it is one like all others, also for who leaves it before the server has said so. */
export async function keep() {
  const before = conversation.peek();
  if (!before) return;
  const show = (now: Conversation) => {
    if (openId.peek() === before.id) conversation.value = now;
  };
  show({ ...before, place: "current" });
  try {
    const kept = await api.editConversation(before.id, { place: "current" });
    show(kept);
    touchConversation(kept);
  } catch (error) {
    show(before);
    tell(error);
  }
}
