import { afterAll, beforeEach, expect, test, vi } from "vitest";
import type { AnswerStatus, Message } from "../types";

vi.stubGlobal("location", { pathname: "/c/c" });
vi.stubGlobal("history", { pushState() {}, replaceState() {} });
vi.stubGlobal("addEventListener", () => {});
vi.stubGlobal("removeEventListener", () => {});
const chat = await import("./chat");
const { say } = await import("./asking");
const { followQueue, held, queue, sendNow, unqueue } = await import("./queue");
const { runningAnswer } = await import("./thread");

const kept: Record<string, string> = {};
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept[key] ?? null,
  setItem: (key: string, value: string) => void (kept[key] = value),
  removeItem: (key: string) => void delete kept[key],
});

let posts: { content: string; message_id: string }[];
let refuse: boolean;

function message(id: string, status?: AnswerStatus): Message {
  return {
    id,
    conversation_id: "c",
    parent_id: null,
    role: status ? "assistant" : "user",
    parts: [],
    created_at: 1,
    siblings: [id],
    answer: status ? { ...runningAnswer(id, "m"), status } : null,
  };
}

/** The answer on screen comes to this. */
function answer(status: AnswerStatus) {
  const row = chat.rows.peek().at(-1)!;
  row.message.value = message("a", status);
}

const settled = () => vi.waitFor(() => new Promise((done) => setTimeout(done, 0)));

const end = followQueue();
afterAll(end);

beforeEach(() => {
  for (const key of Object.keys(kept)) delete kept[key];
  posts = [];
  refuse = false;
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (path === "/api/chat") posts.push(JSON.parse(String(init.body)));
    if (path === "/api/chat" && !refuse) {
      const started = { conversation_id: "c", title: "t", message_id: "q2", answer_id: "a2" };
      return new Response(`event: start\ndata: ${JSON.stringify(started)}\nid: 1\n\n`);
    }
    return Response.json({ status: 409, code: "no", detail: "No" }, { status: 409 });
  });
  chat.openId.value = null;
  chat.openId.value = "c";
  chat.chatState.value = "ready";
  chat.rows.value = [message("q"), message("a", "running")].map(chat.rowOf);
});

test("what is said while an answer is written waits, and is sent when that has ended", async () => {
  expect(await say("Next", [])).toBe(true);
  expect(queue.value.map((one) => one.content)).toEqual(["Next"]);
  expect(posts).toEqual([]);
  const { id } = queue.value[0]!;
  answer("done");
  await vi.waitFor(() => expect(posts).toHaveLength(1));
  expect(posts[0]).toMatchObject({ content: "Next", message_id: id });
  await vi.waitFor(() => expect(queue.value).toEqual([]));
});

test("it survives a reload of the page", async () => {
  await say("Next", [{ name: "a.txt", text: "One." }]);
  chat.openId.value = "other";
  expect(queue.value).toEqual([]);
  chat.openId.value = "c";
  expect(queue.value).toMatchObject([{ content: "Next", attached: [{ text: "One." }] }]);
});

test.each(["failed", "interrupted", "stopped"] as const)(
  "after an answer that ended as %s it waits to be sent by hand",
  async (status) => {
    await say("Next", []);
    answer(status);
    await settled();
    expect(posts).toEqual([]);
    expect(held.value).toBe(status === "stopped" ? "stopped" : "failed");
    await sendNow(queue.value[0]!);
    expect(posts).toHaveLength(1);
  },
);

test("what the server refuses stays, says so, and is not sent again and again", async () => {
  await say("Next", []);
  refuse = true;
  answer("done");
  await vi.waitFor(() => expect(held.value).toBe("refused"));
  await settled();
  expect(posts).toHaveLength(1);
  expect(queue.value).toHaveLength(1);
});

test("an answer that ended while nobody was here sends nothing", async () => {
  await say("Next", []);
  chat.openId.value = "other";
  chat.rows.value = [];
  chat.openId.value = "c";
  chat.rows.value = [message("q"), message("b", "done")].map(chat.rowOf);
  await settled();
  expect(posts).toEqual([]);
  expect(held.value).toBe("left");
});

test("what is taken out is not sent", async () => {
  await say("Next", []);
  unqueue(queue.value[0]!.id);
  answer("done");
  await settled();
  expect(posts).toEqual([]);
});
