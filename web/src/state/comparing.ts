// One question to two models. Both answers are versions of one another; one of them is kept on screen.
import { signal, type Signal } from "@preact/signals";
import { answerApi, stream } from "../answerApi";
import { at, Unreachable, withBody } from "../api";
import type { Message, Started } from "../types";
import type { Attached } from "./attached";
import { send } from "./asking";
import { beside, compareWith, type Beside } from "./beside";
import { openId, rows, tell } from "./chat";
import { pause, resumedFrom } from "./follow";
import { perFrame } from "./frame";
import { applyEvent, expectedAnswer, withId } from "./thread";
import { showVersion } from "./versions";

const WAIT = 1_000;

export const isRunning = (message: Message | undefined) => message?.answer?.status === "running";

/** As soon as the first model has its question, the other one is asked. */
export async function askBoth(content: string, attached: readonly Attached[]) {
  const model = compareWith.peek();
  if (!(await send(content, undefined, { attached }))) return false;
  compareWith.value = null;
  const row = rows.peek().at(-1);
  const question = rows.peek().at(-2)?.message.peek();
  if (!row || !question || !model) return true;
  const message = signal(expectedAnswer(question, [row.message.peek().id], model));
  beside.value = { key: row.key, message };
  void followOther(beside.value, question.id, model);
  return true;
}

async function followOther(one: Beside, questionId: string, model: string) {
  const abort = new AbortController();
  const place = openId.peek();
  const ends = [
    beside.subscribe((now) => now !== one && abort.abort()),
    openId.subscribe((now) => now !== place && (beside.value = null)),
  ];
  const body = withBody({ model });
  const path = `/api/messages/${at(questionId)}/regenerate`;
  let source = () => stream("POST", path, body, abort.signal);
  try {
    while (isRunning(one.message.peek()) && !abort.signal.aborted) {
      const began = await listen(one.message, source(), abort.signal);
      if (!began) throw new Unreachable();
      source = () => resumedFrom(one.message, abort.signal);
      if (isRunning(one.message.peek())) await pause(WAIT, abort.signal);
    }
  } catch (error) {
    if (abort.signal.aborted) return;
    tell(error);
    if (beside.peek() === one) beside.value = null;
  } finally {
    ends.forEach((end) => end());
  }
}

type Events = ReturnType<typeof stream>;

/** False: nothing was heard at all. */
async function listen(message: Signal<Message>, events: Events, abort: AbortSignal) {
  const shown = perFrame(message);
  let heard = false;
  try {
    for await (const event of events) {
      if (abort.aborted) break;
      heard = true;
      if (event.type === "start") {
        const { answer_id, conversation_id } = event.data as Started;
        shown.flush();
        message.value = withId(message.peek(), answer_id, conversation_id);
      }
      shown.change((value) => applyEvent(value, event));
    }
  } catch (error) {
    // What had begun is taken up again.
    if (!heard || !(error instanceof Unreachable)) throw error;
  } finally {
    shown.flush();
  }
  return heard;
}

/** The other one stays as a version of it. */
export async function keepAnswer(id: string) {
  beside.value = null;
  await showVersion(id);
}

export const stopAnswer = (id: string) => answerApi.stop(id).catch(tell);
