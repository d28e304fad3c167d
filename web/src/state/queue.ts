// Messages that wait for an answer to end. They are this browser's, by conversation, and survive a reload.
import { computed, effect, signal } from "@preact/signals";
import { announce } from "../ui/announce";
import { t } from "../language/t";
import type { Attached } from "./attached";
import { asking, conversation, last, openId, running } from "./chat";
import { newId } from "./ids";
import { user } from "./session";
import { keep, recall } from "./stored";

export interface Waiting {
  /** The message's, so that two tabs send it once. */
  id: string;
  content: string;
  attached: readonly Attached[];
}

const key = () => `draft.${user.peek()?.id}.${openId.peek()}.queue`;

export const queue = signal<readonly Waiting[]>([]);
/** The answer that was seen being written here: when it ends, what waits for it is sent. */
const seen = signal<string | null>(null);
const sending = signal(false);
const refused = signal(false);

/** Why the queue does not go on by itself. */
export const held = computed(() => {
  const answer = last.value?.answer;
  if (!queue.value.length || !answer || running.value || sending.value) return null;
  if (refused.value) return "refused" as const;
  if (answer.status === "failed" || answer.status === "interrupted") return "failed" as const;
  if (answer.status === "stopped") return "stopped" as const;
  return seen.value === answer.id ? null : ("left" as const);
});

function stored(): Waiting[] {
  try {
    return JSON.parse(recall(key()) ?? "[]");
  } catch {
    return [];
  }
}

function put(list: readonly Waiting[]) {
  queue.value = list;
  const temporary = conversation.peek()?.place === "temporary";
  keep(key(), list.length && !temporary ? JSON.stringify(list) : "");
}

export function enqueue(content: string, attached: readonly Attached[]) {
  put([...queue.peek(), { id: newId(), content, attached }]);
  announce(t("It is sent when the answer has ended"));
}

export const unqueue = (id: string) => put(queue.peek().filter((one) => one.id !== id));

/** Whatever it waits for: an answer that is being written is stopped. */
export async function sendNow(one: Waiting) {
  if (sending.peek()) return;
  const place = openId.peek();
  sending.value = true;
  refused.value = false;
  try {
    const { send, stop } = await asking();
    if (running.peek()) await stop();
    await ended();
    if (place !== openId.peek()) return;
    unqueue(one.id);
    const taken = await send(one.content, undefined, one);
    if (!taken && place === openId.peek()) {
      refused.value = true;
      put([one, ...queue.peek()]);
    }
  } finally {
    sending.value = false;
  }
}

/** Resolves when no answer is being written here. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    const end = effect(() => {
      if (!running.value) queueMicrotask(() => (end(), resolve()));
    });
  });
}

/** Sends what waits as answers end; returns how to end that. */
export function followQueue() {
  const ends = [
    effect(() => {
      refused.value = false;
      queue.value = openId.value === null ? [] : stored();
    }),
    effect(() => {
      if (running.value) seen.value = last.value!.id;
    }),
    effect(() => {
      const next = queue.value[0];
      const ready = last.value?.answer && !running.value && !sending.value && !held.value;
      if (next && ready) queueMicrotask(() => void sendNow(next));
    }),
  ];
  const look = (event: StorageEvent) => {
    if (event.key === `gantry.${key()}`) queue.value = stored();
  };
  addEventListener("storage", look);
  return () => {
    ends.forEach((end) => end());
    removeEventListener("storage", look);
  };
}
