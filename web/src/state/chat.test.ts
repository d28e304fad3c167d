import { beforeEach, expect, test, vi } from "vitest";
import type { AnswerStatus, Message } from "../types";

vi.stubGlobal("location", { pathname: "/c/c" });
vi.stubGlobal("history", { pushState() {}, replaceState() {} });
const chat = await import("./chat");
const versions = await import("./versions");
const { send } = await import("./asking");
const { following, unfollow } = await import("./stream");
const { runningAnswer } = await import("./thread");

type Answering = (init: RequestInit) => Response | Promise<Response>;

const refused = (status: number) => Response.json({ status, code: "no", detail: "No" }, { status });
const started = { conversation_id: "c", title: "t", message_id: "x", answer_id: "b", model: "m" };
const event = (type: string, data: unknown) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

function message(id: string, parent_id: string | null, status?: AnswerStatus): Message {
  return {
    id,
    conversation_id: "c",
    parent_id,
    role: status ? "assistant" : "user",
    parts: [{ type: "text", text: id }],
    created_at: 1,
    siblings: [id],
    answer: status ? { ...runningAnswer(id, "m"), status, position: 3 } : null,
  };
}

/** A stream that stays open until the page lets go of it. */
function open(init: RequestInit, text = ""): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        streams.push(controller);
        controller.enqueue(new TextEncoder().encode(text));
        init.signal?.addEventListener("abort", () => controller.error(new Error("abort")));
      },
    }),
  );
}

let streams: ReadableStreamDefaultController<Uint8Array>[];
let stored: Message[];
let posts: { content?: string; parent_id?: string | null }[];
let onRead: Answering;
let onPost: Answering;

beforeEach(() => {
  unfollow();
  void chat.openConversation(null);
  streams = [];
  posts = [];
  stored = [message("q", null), message("a", "q", "done")];
  onRead = () => Response.json({ items: stored, next: null });
  onPost = () => refused(503);
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (init.method === "POST") {
      posts.push(JSON.parse(String(init.body)));
      return onPost(init);
    }
    if (path.includes("/events")) return open(init);
    if (path.includes("/messages")) return onRead(init);
    return Response.json({ id: "c", title: "t", created_at: 1, updated_at: 1, leaf_id: null });
  });
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 30));
const shown = () => chat.rows.value.map((row) => row.message.value);
const ids = () => shown().map((one) => one.id);

test("reading again while an answer is followed takes the stream up again", async () => {
  stored[1] = message("a", "q", "running");
  await chat.openConversation("c");
  await settled();
  await chat.reload();
  await settled();
  expect(streams).toHaveLength(2);
  const done = { ...runningAnswer("a", "m"), status: "done" };
  streams[1]!.enqueue(new TextEncoder().encode(event("done", done)));
  streams[1]!.close();
  await settled();
  expect(shown()[1]!.answer?.status).toBe("done");
  expect(following()).toBe(false);
});

test("what was asked while the messages were read stays", async () => {
  await chat.openConversation("c");
  onPost = (init) => open(init, event("start", started));
  const reading = chat.reload();
  await send("two");
  await reading;
  expect(ids()).toHaveLength(4);
  expect(following()).toBe(true);
});

test("what cannot be sent leaves the conversation as it was, without a network too", async () => {
  await chat.openConversation("c");
  onRead = () => Promise.reject(new TypeError("Failed to fetch"));
  expect(await send("two")).toBe(false);
  await settled();
  expect(ids()).toEqual(["q", "a"]);
  expect(chat.chatState.value).toBe("ready");
  expect(chat.problem.value).toBe("No");
});

test("a question nobody waits for any more is taken back", async () => {
  await chat.openConversation("c");
  onPost = (init) =>
    new Promise((_, reject) => init.signal!.addEventListener("abort", () => reject(new Error())));
  const sent = send("two");
  unfollow();
  expect(await sent).toBe(false);
  expect(ids()).toEqual(["q", "a"]);
  expect(chat.running.value).toBe(false);
});

test("a body that breaks before its first event counts as unreachable", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await chat.openConversation("c");
  onPost = () => new Response(new ReadableStream({ start: (one) => one.error(new TypeError()) }));
  const sent = send("two");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await sent).toBe(false);
  expect(posts).toHaveLength(5);
  posts = [];
  onPost = () => new Response("");
  void versions.regenerate(chat.rows.value[1]!);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(posts).toHaveLength(1);
  vi.useRealTimers();
});

test("the first question of a page keeps its parent when it is edited", async () => {
  stored = [message("q9", "a8"), message("a9", "q9", "done")];
  await chat.openConversation("c");
  await send("edited", chat.rows.value[0]);
  expect(posts[0]).toMatchObject({ content: "edited", parent_id: "a8" });
});

test("the first answer of a page can be regenerated", async () => {
  stored = [message("a8", "q8", "done")];
  await chat.openConversation("c");
  onPost = (init) => open(init);
  void versions.regenerate(chat.rows.value[0]!);
  expect(shown()[0]).toMatchObject({ parent_id: "q8", siblings: ["a8", "expected-q8"] });
});

test("a lost word about going on is asked for again", async () => {
  stored[1] = message("a", "q", "stopped");
  await chat.openConversation("c");
  onPost = () => {
    stored[1] = message("a", "q", "running");
    throw new TypeError("Failed to fetch");
  };
  await versions.continueAnswer(chat.rows.value[1]!);
  await settled();
  expect(chat.running.value).toBe(true);
  expect(following()).toBe(true);
});

test("a conversation deleted elsewhere is missing, even while its answer is written", async () => {
  stored[1] = message("a", "q", "running");
  await chat.openConversation("c");
  await settled();
  onRead = () => refused(404);
  streams[0]!.close();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(chat.chatState.value).toBe("missing");
});

test("rows that stay keep their key, and the older ones above them", async () => {
  stored = [message("q9", "a8"), message("a9", "q9", "done")];
  onRead = () => Response.json({ items: stored, next: "q9" });
  await chat.openConversation("c");
  onPost = (init) => open(init, event("start", started));
  await send("two");
  const key = chat.rows.value[3]!.key;
  stored = [message("q8", null), message("a8", "q8", "done")];
  onRead = () => Response.json({ items: stored, next: null });
  await chat.loadOlder();
  stored = [message("q9", "a8"), message("a9", "q9", "done")];
  stored.push(message("x", "a9"), message("b", "x", "done"));
  onRead = () => Response.json({ items: stored, next: "q9" });
  await chat.reload();
  await settled();
  expect(ids()).toEqual(["q8", "a8", "q9", "a9", "x", "b"]);
  expect(chat.rows.value[5]!.key).toBe(key);
  expect(chat.running.value).toBe(false);
  expect(chat.older.value).toBeNull();
});

test("who wants older messages that are being read already waits for them, and they are read once", async () => {
  onRead = () => Response.json({ items: stored, next: "q" });
  await chat.openConversation("c");
  let reads = 0;
  onRead = () => {
    reads++;
    return Response.json({ items: [message("q0", null), message("a0", "q0", "done")], next: null });
  };
  void chat.loadOlder();
  await chat.loadOlder();
  expect(ids()).toEqual(["q0", "a0", "q", "a"]);
  expect(reads).toBe(1);
});

test("older messages of a conversation that was left, which cannot be read, are no failure of the next", async () => {
  onRead = () => Response.json({ items: stored, next: "q" });
  await chat.openConversation("c");
  let fail = () => {};
  onRead = () => new Promise((_, reject) => (fail = () => reject(new TypeError("lost"))));
  const reading = chat.loadOlder();
  onRead = () => Response.json({ items: stored, next: "q" });
  await chat.openConversation("d");
  fail();
  await reading;
  expect(chat.olderFailed.value).toBe(false);
});

test("documents chosen while a question is on its way are kept for the next one", async () => {
  await chat.openConversation("c");
  chat.wantedScope.value = {};
  onPost = (init) => open(init);
  const sent = send("two");
  await settled();
  const next = { collection_ids: ["k"] };
  chat.wantedScope.value = next;
  streams.at(-1)!.enqueue(new TextEncoder().encode(event("start", started)));
  await sent;
  expect(posts.at(-1)).toMatchObject({ scope: {} });
  expect(chat.conversation.value?.scope).toEqual({});
  expect(chat.scope.value).toEqual(next);
});
