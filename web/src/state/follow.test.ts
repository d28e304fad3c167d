import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerApi } from "../answerApi";
import type { Message } from "../types";
import { follow, resumed } from "./follow";
import { reconnecting, unfollow } from "./stream";
import { expectedAnswer, runningAnswer, textOf, userMessage, withId } from "./thread";

const words = Array.from({ length: 60 }, (_, at) => `wörd${at} `);
const WHOLE = words.join("");

const question = userMessage({
  id: "q",
  conversationId: "c",
  parentId: null,
  content: "Why?",
  siblings: ["q"],
});
const empty = withId(expectedAnswer(question, [], "m"), "a", "c");

/** A server in the place of the network: it writes a word per request and breaks where it is told to. */
class FakeServer {
  written = 0;
  requests = 0;
  constructor(private breakAfter: () => number) {}

  private get log() {
    const lines: { id: number; text: string }[] = [];
    let id = 1;
    for (const text of words.slice(0, this.written)) lines.push({ id: (id += text.length), text });
    return lines;
  }

  private stored(): Message {
    const done = this.written === words.length;
    const answer = { ...runningAnswer("a", "m"), position: this.log.at(-1)?.id ?? 1 };
    return {
      ...empty,
      parts: [{ type: "text", text: words.slice(0, this.written).join("") }],
      answer: { ...answer, status: done ? "done" : "running" },
    };
  }

  fetch = async (path: string, init: RequestInit): Promise<Response> => {
    this.requests++;
    if (path.includes("/messages")) return Response.json({ items: [this.stored()], next: null });
    const after = Number(new Headers(init.headers).get("Last-Event-ID"));
    this.written = Math.min(words.length, this.written + 7);
    let text = this.log
      .filter((event) => event.id > after)
      .map(({ id, text }) => `id: ${id}\nevent: delta\ndata: ${JSON.stringify({ text })}\n\n`)
      .join("");
    if (this.written === words.length) {
      const done = { ...runningAnswer("a", "m"), status: "done" };
      text += `event: done\ndata: ${JSON.stringify(done)}\n\n`;
    }
    const bytes = new TextEncoder().encode(text);
    return new Response(bytes.slice(0, this.breakAfter()));
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets time pass until the promise is settled. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  void promise.catch(() => {}).finally(() => (settled = true));
  for (let i = 0; i < 5000 && !settled; i++) await vi.advanceTimersByTimeAsync(1000);
  return promise;
}

test("200 answers with random drops end with the exact text", async () => {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 200; round++) {
    const server = new FakeServer(() => (random() < 0.7 ? Math.floor(random() * 500) : 1e9));
    vi.stubGlobal("fetch", server.fetch);
    const message = signal(empty);
    await settle(follow(message, resumed(message), Infinity));
    expect(textOf(message.value)).toBe(WHOLE);
    expect(message.value.answer?.status).toBe("done");
    expect(reconnecting.value).toBe(false);
  }
}, 30_000);

test("an unreachable server is asked again, as often as wanted, then given up", async () => {
  const fetch = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
  vi.stubGlobal("fetch", fetch);
  const body = { content: "Why?", message_id: "q" };
  const asked = follow(signal(empty), (abort) => answerApi.chat(body, abort), 3);
  await expect(settle(asked)).rejects.toThrow("cannot be reached");
  expect(fetch).toHaveBeenCalledTimes(3);
});

test("what the server refuses is not asked again", async () => {
  const problem = {
    status: 409,
    code: "answer_running",
    detail: "An answer is still being written",
  };
  const fetch = vi.fn(() => Promise.resolve(Response.json(problem, { status: 409 })));
  vi.stubGlobal("fetch", fetch);
  const body = { content: "Why?", message_id: "q" };
  const asked = follow(signal(empty), (abort) => answerApi.chat(body, abort), 3);
  await expect(settle(asked)).rejects.toThrow("still being written");
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("nobody waits for an answer that is not followed any more", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  const message = signal(empty);
  const following = follow(message, resumed(message), Infinity);
  await vi.advanceTimersByTimeAsync(10);
  expect(reconnecting.value).toBe(true);
  unfollow();
  await settle(following);
  expect(reconnecting.value).toBe(false);
});
