// The conversation on screen: its messages, and everything a person can do to them.
import { computed, signal, type Signal } from "@preact/signals";
import { api, ApiError, type ChatRequest } from "../api";
import type { Conversation, Message, Page, Scope, Started } from "../types";
import { conversations, touchConversation } from "./conversations";
import { moveDraft } from "./drafts";
import { follow, following, released, resumed, unfollow, type Source } from "./follow";
import { newId } from "./ids";
import { askedModel, model } from "./models";
import { go, path } from "./route";
import { expectedAnswer, userMessage, withId } from "./thread";

/** One message on screen. The key stays when the server gives the message its id. */
export interface Row {
  key: string;
  message: Signal<Message>;
}

const SEND_ATTEMPTS = 5;

export const openId = signal<string | null>(null);
export const conversation = signal<Conversation | null>(null);
export const rows = signal<Row[]>([]);
export const chatState = signal<"ready" | "loading" | "missing" | "failed">("ready");
/** Why the last action did not work, as a sentence. */
export const problem = signal<string | null>(null);
export const older = signal<string | null>(null);
/** A choice of documents the server does not know yet; undefined: none. */
export const wantedScope = signal<Scope | null | undefined>(undefined);
/** The documents the next question is asked of; null: none. */
export const scope = computed(() =>
  wantedScope.value === undefined ? (conversation.value?.scope ?? null) : wantedScope.value,
);
/** What new conversations begin with; undefined: not known, the server knows. */
export const defaultPersona = signal<string | null>();
/** Of a conversation that has not begun; undefined: the default. */
export const wantedPersona = signal<string | null>();
/** Of a conversation that has not begun; undefined: as the server does it. */
export const wantedMemory = signal<boolean>();
/** Whether what begins next is to leave nothing behind. */
export const wantedTemporary = signal(false);
export const personaId = computed(() => {
  if (conversation.value) return conversation.value.persona_id;
  return wantedPersona.value === undefined ? defaultPersona.value : wantedPersona.value;
});
export const olderFailed = signal(false);
/** How often something was asked: every time the view goes to the end. */
export const asked = signal(0);

const last = computed(() => rows.value.at(-1)?.message.value ?? null);
export const running = computed(() => last.value?.answer?.status === "running");

let stopWhenStarted = false;
let readingOlder = false;
let unanswered: ChatRequest | null = null;

const rowOf = (message: Message): Row => ({ key: message.id, message: signal(message) });

export function tell(error: unknown) {
  // Asking to sign in says it already.
  if (error instanceof ApiError && error.code === "not_signed_in") return;
  problem.value = error instanceof Error ? error.message : "Something went wrong. Try again.";
}

export async function openConversation(id: string | null) {
  if (id === openId.peek()) return;
  unfollow();
  openId.value = id;
  conversation.value = conversations.peek().find((one) => one.id === id) ?? null;
  rows.value = [];
  older.value = null;
  problem.value = null;
  wantedScope.value = undefined;
  wantedPersona.value = undefined;
  wantedMemory.value = undefined;
  wantedTemporary.value = false;
  chatState.value = id ? "loading" : "ready";
  if (id) await reload();
}

const gone = (error: unknown) => error instanceof ApiError && error.status === 404;

/** What the server knows replaces what is on screen. */
export async function reload(onFailure: (error: unknown) => void = () => {}) {
  const id = openId.peek();
  if (!id) return;
  const before = asked.peek();
  try {
    const [found, page] = await Promise.all([api.conversation(id), api.messages(id)]);
    if (id !== openId.peek()) return;
    chatState.value = "ready";
    // Something was asked while this was on its way.
    if (asked.peek() !== before) return;
    unfollow();
    conversation.value = found;
    showPage(page);
    void followLast();
  } catch (error) {
    if (id !== openId.peek()) return;
    if (gone(error)) {
      chatState.value = "missing";
      moveDraft(id);
    } else if (rows.peek().length) onFailure(error);
    else chatState.value = "failed";
  }
}

/** Rows that stay keep their place on screen, and so do the older ones above them. */
function showPage(page: Page<Message>) {
  const shown = rows.peek();
  const known = new Map(shown.map((row) => [row.message.peek().id, row]));
  const first = shown.indexOf(known.get(page.items[0]?.id ?? "")!);
  const next = page.items.map((message) => {
    // A signal of its own: the stream just given up may still write to the old one.
    return { ...rowOf(message), key: known.get(message.id)?.key ?? message.id };
  });
  rows.value = first > 0 ? [...shown.slice(0, first), ...next] : next;
  if (first <= 0) older.value = page.next;
  olderFailed.value = false;
}

export async function loadOlder() {
  const id = openId.peek();
  const before = older.peek();
  if (!id || !before || readingOlder) return;
  readingOlder = true;
  olderFailed.value = false;
  try {
    const page = await api.messages(id, before);
    if (id !== openId.peek() || before !== older.peek()) return;
    rows.value = [...page.items.map(rowOf), ...rows.peek()];
    older.value = page.next;
  } catch {
    olderFailed.value = true;
  } finally {
    readingOlder = false;
  }
}

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

/** `at`: the user message this is a new version of; else it goes to the end. */
export function send(content: string, at?: Row): Promise<boolean> {
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
    message_id: newId(),
    scope: wantedScope.peek(),
    persona_id: id ? undefined : personaId.peek(),
    memory: id ? undefined : wantedMemory.peek(),
    temporary: !id && wantedTemporary.peek(),
  };
  // The same text again may be the one whose acknowledgement was lost: the server knows it by its id.
  const same =
    unanswered?.content === content &&
    unanswered.conversation_id === request.conversation_id &&
    unanswered.parent_id === request.parent_id;
  if (same) request.message_id = unanswered!.message_id;
  unanswered = request;
  const asked = userMessage({
    id: request.message_id,
    conversationId: id ?? "",
    parentId,
    content,
    siblings: [...(at?.message.peek().siblings ?? []), request.message_id],
  });
  const expected = expectedAnswer(asked, [], model.peek()?.id ?? "");
  return ask(
    [...kept, rowOf(asked), rowOf(expected)],
    (signal) => api.chat(request, signal),
    SEND_ATTEMPTS,
    request.scope,
  );
}

export async function stop() {
  const id = last.peek()?.answer?.id;
  if (!id || !running.peek()) return;
  stopWhenStarted = id.startsWith("expected-");
  if (stopWhenStarted) return;
  try {
    await api.stopAnswer(id);
  } catch (error) {
    tell(error);
  }
}
