// Choosing what documents a conversation is about. The choice itself lives with the conversation.
import { api } from "../api";
import type { Scope } from "../types";
import { conversation, openConversation, openId, tell, wantedScope } from "./chat";
import { go } from "./route";

/** A conversation that has not begun says it with its first question. */
export async function saveScope() {
  const id = openId.peek();
  const wanted = wantedScope.peek();
  if (!id || wanted === undefined) return;
  try {
    const saved = await api.editConversation(id, { scope: wanted });
    if (id !== openId.peek()) return;
    conversation.value = saved;
    if (wantedScope.peek() === wanted) wantedScope.value = undefined;
  } catch (error) {
    tell(error);
  }
}

/** A new conversation about these documents. */
export function askAbout(about: Scope) {
  void openConversation(null);
  wantedScope.value = about;
  go("/");
}
