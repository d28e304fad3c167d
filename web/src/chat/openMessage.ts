import { api } from "../api";
import { loadOlder, older, openConversation, openId, rows } from "../state/chat";
import { go } from "../state/route";
import { focusMessage } from "./focus";

/** In which the view of a conversation is drawn, also where its code is still to be loaded. */
const PATIENCE = 5_000;
const STEPS = 4;

const article = (id: string) => document.querySelector<HTMLElement>(`article[data-id="${id}"]`);

/** Brings the branch it stands in on screen, and the message into view. */
export async function openMessage(conversationId: string, messageId: string) {
  await api.editConversation(conversationId, { leaf_id: messageId });
  // It may be on screen already, with another branch.
  if (openId.peek() === conversationId) await openConversation(null);
  go(`/c/${conversationId}`);
  await openConversation(conversationId);
  const isThere = () => rows.peek().some((row) => row.message.peek().id === messageId);
  while (!isThere() && older.peek()) {
    const before = older.peek();
    await loadOlder();
    if (older.peek() === before) break;
  }
  const since = performance.now();
  // Messages get their height when they come near the view: the place is found in a few steps.
  let left = STEPS;
  const show = () => {
    const found = article(messageId);
    if (found) {
      found.scrollIntoView({ block: "center" });
      // At once, so that the list does not go back to its end.
      found.closest(".messages")?.dispatchEvent(new Event("scroll"));
      left--;
    }
    if (!left) focusMessage(messageId);
    else if (isThere() && performance.now() - since < PATIENCE) requestAnimationFrame(show);
  };
  requestAnimationFrame(show);
}
