import { api } from "../api";
import { loadOlder, older, olderFailed, openConversation, openId, rows } from "../state/chat";
import { go } from "../state/route";
import { sought } from "./sought";

const PAGE = 200;

/** Reads older messages until this one is there; false: it is not to be had. */
export async function reach(id: string): Promise<boolean> {
  const isThere = () => rows.peek().some((row) => row.message.peek().id === id);
  while (!isThere() && older.peek()) {
    await loadOlder(PAGE);
    if (olderFailed.peek()) break;
  }
  return isThere();
}

/** Brings the branch it stands in on screen, and the message into view. */
export async function openMessage(conversationId: string, messageId: string) {
  await api.editConversation(conversationId, { leaf_id: messageId });
  // It may be on screen already, with another branch.
  if (openId.peek() === conversationId) await openConversation(null);
  go(`/c/${conversationId}`);
  await openConversation(conversationId);
  if (await reach(messageId)) sought.value = { id: messageId, focus: true };
}
