// A question on its way, and its answer followed. Apart, because a first question is typed without any of it.
import type { Signal } from "@preact/signals";
import { answerApi, type ChatRequest } from "../answerApi";
import type { Message, Scope, Started } from "../types";
import {
  asked,
  conversation,
  gone,
  last,
  openId,
  personaId,
  problem,
  reload,
  rowOf,
  rows,
  running,
  tell,
  wantedMemory,
  wantedScope,
  wantedTemporary,
  type Row,
} from "./chat";
import { beside, compareWith } from "./beside";
import { touchConversation } from "./conversations";
import type { Attached } from "./attached";
import { attachedTo, partsOf } from "./attaching";
import { follow, resumed, type Source } from "./follow";
import { newId } from "./ids";
import { noPictures } from "./attaching";
import { askedModel, model } from "./models";
import { enqueue } from "./queue";
import { go, path } from "./route";
import { following, released } from "./stream";
import { expectedAnswer, userMessage, withId } from "./thread";

const SEND_ATTEMPTS = 5;

let stopWhenStarted = false;
let unanswered: ChatRequest | null = null;

/** Take up an answer that is being written, such as after a reload or in a second tab. */
export async function followLast() {
  const row = rows.peek().at(-1);
  if (!row || !running.peek() || following() || released.peek()) return;
  await follow(row.message, resumed(row.message), Infinity).catch(lose);
}

/** Perhaps there is nothing left to follow. */
function lose(error: unknown) {
  if (gone(error)) void reload();
  else tell(error);
}

/** `said`: the choice of documents it was asked with; undefined: none. */
function accept(started: Started, answer: Signal<Message>, said: Scope | null | undefined) {
  unanswered = null;
  answer.value = withId(answer.peek(), started.answer_id, started.conversation_id);
  const { conversation_id: id, title } = started;
  const now = Date.now();
  const known = conversation.peek() ?? {
    id,
    title,
    created_at: now,
    updated_at: now,
    leaf_id: null,
    scope: null,
    persona_id: personaId.peek() ?? null,
    memory: wantedMemory.peek() ?? true,
    place: wantedTemporary.peek() ? ("temporary" as const) : ("current" as const),
    pinned: false,
    folder_id: null,
  };
  conversation.value = {
    ...known,
    title,
    updated_at: now,
    leaf_id: started.answer_id,
    scope: said === undefined ? known.scope : said,
  };
  // Another choice may have been made since.
  if (wantedScope.peek() === said) wantedScope.value = undefined;
  touchConversation(conversation.value);
  const fresh = openId.peek() === null;
  openId.value = id;
  if (fresh && path.peek() === "/") go(`/c/${id}`, "replace");
  if (stopWhenStarted) void stop();
}

/** Shows `next` at once and asks; resolves when the server has taken it, or takes everything back. */
export function ask(next: Row[], source: Source, attempts: number, said?: Scope | null) {
  const before = rows.peek();
  const id = openId.peek();
  const answer = next.at(-1)!.message;
  rows.value = next;
  problem.value = null;
  stopWhenStarted = false;
  beside.value = null;
  asked.value++;
  return new Promise<boolean>((resolve) => {
    let accepted = false;
    follow(answer, source, attempts, (started) => {
      accepted = true;
      accept(started, answer, said);
      resolve(true);
    })
      .catch((error: unknown) => {
        if (accepted) return lose(error);
        if (id !== openId.peek()) return;
        tell(error);
        rows.value = before;
        void reload();
      })
      .finally(() => {
        // Nobody follows it any more: what became of it is seen at the next reading.
        if (!accepted && rows.peek().at(-1) === next.at(-1)) rows.value = before;
        resolve(false);
      });
  });
}

/** Nothing is not said. */
const given = <T>(list: Attached[], as: (one: Attached) => T) =>
  list.length ? list.map(as) : undefined;

interface More {
  /** The message's, where it has one already. */
  id?: string;
  attached?: readonly Attached[];
}

/** `at`: the user message this is a new version of; else it goes to the end. */
export function send(content: string, at?: Row, more: More = {}): Promise<boolean> {
  const attachments = [...(more.attached ?? (at ? attachedTo(at.message.peek()) : []))].filter(
    // Of a copied conversation only the names are here.
    (one) => one.image || one.text,
  );
  if (attachments.some((one) => one.image) && !model.peek()?.images) {
    tell(new Error(noPictures()));
    return Promise.resolve(false);
  }
  const list = rows.peek();
  const kept = at ? list.slice(0, list.indexOf(at)) : list;
  // The first row of a page may have a parent that is not read yet.
  const parentId = at ? at.message.peek().parent_id : (kept.at(-1)?.message.peek().id ?? null);
  const id = openId.peek();
  const request: ChatRequest = {
    conversation_id: id ?? undefined,
    ...(at || id ? { parent_id: parentId } : {}),
    content,
    model: askedModel(),
    message_id: more.id ?? newId(),
    attachments: given(
      attachments.filter((one) => !one.image),
      ({ name, text }) => ({ name, text }),
    ),
    images: given(
      attachments.filter((one) => one.image),
      ({ name, image }) => ({ id: image!.id, name }),
    ),
    scope: wantedScope.peek(),
    persona_id: id ? undefined : personaId.peek(),
    memory: id ? undefined : wantedMemory.peek(),
    temporary: !id && wantedTemporary.peek(),
  };
  // The same text again may be the one whose acknowledgement was lost: the server knows it by its id.
  const same =
    !more.id &&
    unanswered?.content === content &&
    JSON.stringify([unanswered.attachments, unanswered.images]) ===
      JSON.stringify([request.attachments, request.images]) &&
    unanswered.conversation_id === request.conversation_id &&
    unanswered.parent_id === request.parent_id;
  if (same) request.message_id = unanswered!.message_id;
  unanswered = request;
  const question = userMessage({
    id: request.message_id,
    conversationId: id ?? "",
    parentId,
    content,
    attachments: partsOf(attachments),
    siblings: [...(at?.message.peek().siblings ?? []), request.message_id],
  });
  const expected = expectedAnswer(question, [], model.peek()?.id ?? "");
  return ask(
    [...kept, rowOf(question), rowOf(expected)],
    (signal) => answerApi.chat(request, signal),
    SEND_ATTEMPTS,
    request.scope,
  );
}

/** What is written while an answer is, waits for its end. */
export async function say(content: string, attached: readonly Attached[]): Promise<boolean> {
  if (!running.peek() && compareWith.peek()) {
    const { askBoth } = await import("./comparing");
    return askBoth(content, attached);
  }
  if (!running.peek()) return send(content, undefined, { attached });
  enqueue(content, attached);
  return true;
}

export async function stop() {
  const other = beside.peek()?.message.peek();
  if (other?.answer?.status === "running" && !other.id.startsWith("expected-")) {
    void answerApi.stop(other.id).catch(tell);
  }
  const id = last.peek()?.answer?.id;
  if (!id || !running.peek()) return;
  stopWhenStarted = id.startsWith("expected-");
  if (stopWhenStarted) return;
  try {
    await answerApi.stop(id);
  } catch (error) {
    tell(error);
  }
}
