// The conversation on screen, as it is read.
import { computed, signal, type Signal } from "@preact/signals";
import { api, ApiError, Unreachable } from "../api";
import { t } from "../language/t";
import type { Conversation, Message, Page, Scope } from "../types";
import { findConversation } from "./conversations";
import { moveDraft } from "./drafts";
import { unfollow } from "./stream";
import { warn } from "../ui/toasts";

/** One message on screen. The key stays when the server gives the message its id. */
export interface Row {
  key: string;
  message: Signal<Message>;
}

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

export const last = computed(() => rows.value.at(-1)?.message.value ?? null);
export const running = computed(() => last.value?.answer?.status === "running");

let readingOlder: Promise<void> | null = null;

export const rowOf = (message: Message): Row => ({ key: message.id, message: signal(message) });

export function tell(error: unknown) {
  // Asking to sign in says it already.
  if (error instanceof ApiError && error.code === "not_signed_in") return;
  const text = error instanceof Error ? error.message : t("Something went wrong. Try again.");
  // Said beside the message, where there is one to write.
  if (/^\/(c\/.*)?$/.test(location.pathname)) problem.value = text;
  else warn(text);
}

export async function openConversation(id: string | null) {
  if (id === openId.peek()) return;
  unfollow();
  openId.value = id;
  conversation.value = findConversation(id);
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

export const gone = (error: unknown) => error instanceof ApiError && error.status === 404;

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
    if (running.peek()) void takeUp();
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

/** Asking and following, which nobody needs before there is a question. */
export const asking = () =>
  import("./asking").catch(() => {
    throw new Unreachable();
  });

const takeUp = () => asking().then((a) => a.followLast(), tell);

/** Who asks while they are being read waits for these. */
export const loadOlder = (count?: number) =>
  (readingOlder ??= readOlder(count).finally(() => (readingOlder = null)));

async function readOlder(count?: number) {
  const id = openId.peek();
  const before = older.peek();
  if (!id || !before) return;
  olderFailed.value = false;
  try {
    const page = await api.messages(id, before, count);
    if (id !== openId.peek() || before !== older.peek()) return;
    rows.value = [...page.items.map(rowOf), ...rows.peek()];
    older.value = page.next;
  } catch {
    if (id === openId.peek()) olderFailed.value = true;
  }
}
