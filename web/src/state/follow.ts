// Follows one answer to its end, through lost networks and server restarts.
// The answer belongs to the server: giving up here loses nothing.
import type { Signal } from "@preact/signals";
import { answerApi } from "../answerApi";
import { api, ApiError, Unreachable } from "../api";
import type { StreamEvent } from "../events";
import type { Message, Place, Started } from "../types";
import { perFrame } from "./frame";
import { current, place, reconnecting, unfollow } from "./stream";
import { applyEvent } from "./thread";

export type Source = (signal: AbortSignal) => AsyncIterable<StreamEvent>;

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;
/** A connection that held this long was a good one. */
const GOOD = 5000;

const isRunning = (message: Signal<Message>) => message.peek().answer?.status === "running";

const isOver = (error: unknown) => error instanceof ApiError && error.status < 500;

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

/** From where the message on screen ends, or from where the server's copy ends after a restart. */
export function resumed(message: Signal<Message>): Source {
  return async function* (signal) {
    const { id, conversation_id } = message.peek();
    const page = await api.messages(conversation_id, null, 2);
    if (signal.aborted) return;
    const stored = page.items.find((one) => one.id === id);
    if (stored) message.value = stored;
    if (isRunning(message)) {
      yield* answerApi.follow(id, message.peek().answer?.position ?? 0, signal);
    }
  };
}

/** The same, for who holds the signal that ends it. */
export const resumedFrom = (message: Signal<Message>, signal: AbortSignal) =>
  resumed(message)(signal) as AsyncGenerator<StreamEvent>;

/**
 * Returns when the answer has ended or another one is followed; throws what the server refused.
 * `attempts`: how often the first source is tried while the server cannot be reached; Infinity is for
 * a source that may be asked any number of times.
 */
export async function follow(
  message: Signal<Message>,
  source: Source,
  attempts: number,
  onStart: (started: Started) => void = () => {},
) {
  unfollow();
  const abort = (current.value = new AbortController());
  const shown = perFrame(message);
  let wait = 0;
  let began = false;
  try {
    while (isRunning(message) && !abort.signal.aborted) {
      const since = Date.now();
      let heard = false;
      try {
        for await (const event of (began ? resumed(message) : source)(abort.signal)) {
          if (abort.signal.aborted) return;
          if (event.type === "start") onStart(event.data as Started);
          began = heard = true;
          if (Date.now() - since > GOOD) wait = 0;
          reconnecting.value = false;
          place.value = event.type === "waiting" ? (event.data as Place | null) : null;
          shown.change((value) => applyEvent(value, event));
        }
        if (!heard && isRunning(message)) throw new Unreachable();
      } catch (error) {
        if (abort.signal.aborted) return;
        const unheard = error instanceof Unreachable && --attempts > 0;
        const again = began || attempts === Infinity || unheard;
        if (!again || isOver(error)) throw error;
      } finally {
        shown.flush();
      }
      if (!isRunning(message) || abort.signal.aborted) return;
      reconnecting.value = true;
      wait = Math.min(wait ? wait * 2 : FIRST_WAIT, LONGEST_WAIT);
      await pause(wait, abort.signal);
    }
  } finally {
    if (current.peek() === abort) unfollow();
  }
}
