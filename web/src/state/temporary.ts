// A temporary conversation is deleted when it is left: for another one, or with the page.
import { effect } from "@preact/signals";
import { api, at, request } from "../api";
import { conversation, openId, tell } from "./chat";
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

/** From now on it is one like all others. */
export async function keep() {
  const id = openId.peek();
  if (!id) return;
  try {
    const kept = await api.editConversation(id, { place: "current" });
    if (openId.peek() === id) conversation.value = kept;
    touchConversation(kept);
  } catch (error) {
    tell(error);
  }
}
