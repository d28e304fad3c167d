// Other answers to what was asked, and answers that go on. Apart, because a first question needs none of it.
import { signal } from "@preact/signals";
import { stream } from "../answerApi";
import { api, at, send, withBody } from "../api";
import { t } from "../language/t";
import type { Conversation } from "../types";
import { announce } from "../ui/announce";
import { ask } from "./asking";
import { openId, problem, reload, rows, tell, type Row } from "./chat";
import { touchConversation } from "./conversations";
import { follow } from "./follow";
import { newId } from "./ids";
import { askedModel, model } from "./models";
import { go } from "./route";
import { unfollow } from "./stream";
import { expectedAnswer, runningAnswer } from "./thread";

const regenerated = (id: string, model: string | undefined, signal: AbortSignal) =>
  stream("POST", `/api/messages/${at(id)}/regenerate`, withBody({ model }), signal);

const continued = (id: string, signal: AbortSignal) =>
  stream("POST", `/api/answers/${at(id)}/continue`, withBody({}), signal);

/** A new version of an answer, beside the old one. */
export async function regenerate(row: Row) {
  const list = rows.peek();
  const message = row.message.peek();
  const { parent_id, conversation_id, siblings } = message;
  if (!parent_id) return;
  const question = { id: parent_id, conversation_id };
  const expected = expectedAnswer(question, siblings, model.peek()?.id ?? "");
  await ask(
    [...list.slice(0, list.indexOf(row)), { key: newId(), message: signal(expected) }],
    (signal) => regenerated(message.id, askedModel(), signal),
    1,
  );
}

/** Goes on with an answer that was cut short, in place. */
export async function continueAnswer(row: Row) {
  const before = row.message.peek();
  if (!before.answer) return;
  problem.value = null;
  const answer = runningAnswer(before.id, before.answer.model);
  row.message.value = { ...before, answer };
  try {
    await follow(row.message, (signal) => continued(before.id, signal), 1);
  } catch (error) {
    row.message.value = before;
    tell(error);
    // The server may have begun, and only its word of it was lost.
    void reload();
  }
}

/** Brings another version of a message, and what follows it, on screen. */
export async function showVersion(messageId: string) {
  const id = openId.peek();
  if (!id) return;
  unfollow();
  try {
    await api.editConversation(id, { leaf_id: messageId });
    await reload(tell);
  } catch (error) {
    tell(error);
  }
}

/** A new conversation that begins with everything down to this message. */
export async function branchOff(messageId: string) {
  try {
    const path = `/api/messages/${at(messageId)}/branch`;
    const branch = await send<Conversation>("POST", path, {});
    touchConversation(branch);
    go(`/c/${branch.id}`);
    announce(t("This is a new conversation"));
  } catch (error) {
    tell(error);
  }
}
