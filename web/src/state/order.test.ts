import { beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../types";

vi.stubGlobal("location", { pathname: "/c/c", search: "" });
vi.stubGlobal("history", { pushState() {}, replaceState() {} });
vi.stubGlobal("addEventListener", () => {});
vi.stubGlobal("requestAnimationFrame", () => {});
const chat = await import("./chat");
const lists = await import("./lists");
const order = await import("./order");
const { touchConversation } = await import("./conversations");
const { toasts } = await import("../ui/toasts");
const { keep } = await import("./temporary");

const plain: Conversation = {
  id: "c",
  title: "t",
  created_at: 1,
  updated_at: 1,
  leaf_id: null,
  scope: null,
  persona_id: null,
  memory: true,
  place: "current",
  pinned: false,
  folder_id: null,
};

/** What the server has, the newest first. */
let stored: Conversation[];
let asked: string[];
let works = true;
let gone = false;

const page = (items: Conversation[]) => Response.json({ items, next: null });
const pinnedOnes = () => stored.filter((one) => one.pinned);
const looseOnes = () =>
  stored.filter((one) => one.place === "current" && !one.pinned && !one.folder_id);

function change(id: string, by: Record<string, unknown>) {
  stored = stored.map((one) => {
    if (one.id !== id) return one;
    const next = { ...one, ...by };
    const on = "pinned_above" in by || next.pinned;
    return { ...next, pinned: on && next.place === "current" };
  });
  return stored.find((one) => one.id === id)!;
}

async function answer(path: string, init: RequestInit) {
  const method = init.method!;
  if (method !== "GET") asked.push(`${method} ${path}`);
  if (!works) return Response.json({ status: 500, code: "no", detail: "No room" }, { status: 500 });
  if (method === "DELETE") {
    return gone
      ? Response.json({ status: 404, code: "not_found", detail: "No" }, { status: 404 })
      : new Response(null, { status: 204 });
  }
  if (path === "/api/conversations" && method === "PATCH") {
    const { moves } = JSON.parse(String(init.body)) as { moves: { id: string }[] };
    return Response.json(moves.map(({ id, ...by }) => change(id, by)));
  }
  if (method === "PATCH") return Response.json(change("c", JSON.parse(String(init.body))));
  if (path.includes("outline")) {
    const loose = looseOnes().length;
    const since = [loose, loose, loose, loose];
    return Response.json({ pinned: pinnedOnes().length, loose, since, folders: [] });
  }
  return page(path.includes("pinned=true") ? pinnedOnes() : looseOnes());
}

async function begin(...all: Partial<Conversation>[]) {
  stored = all.map((one, at) => ({ ...plain, id: "cdefg"[at]!, ...one }));
  asked = [];
  works = true;
  toasts.value = [];
  chat.openId.value = "c";
  chat.conversation.value = stored[0]!;
  await lists.refresh();
}

const titlesOf = (shelf: typeof lists.loose) => shelf.rows.value.map((one) => one?.id);
const undo = () => toasts.value.at(-1)!.action!.run();

beforeEach(async () => {
  vi.stubGlobal("fetch", answer);
  await begin({});
});

test("what is pinned while it is open is pinned for its next question, too", async () => {
  await order.pin(stored, true);
  touchConversation(chat.conversation.value!);
  expect(titlesOf(lists.pinned)).toEqual(["c"]);
  expect(titlesOf(lists.loose)).toEqual([]);
});

test("what was pinned when it was thrown away is pinned when it comes back", async () => {
  await begin({ pinned: true });
  await order.putAway(stored, "trash");
  expect(stored[0]!.pinned).toBe(false);
  await undo();
  expect(stored[0]).toMatchObject({ place: "current", pinned: true });
  expect(titlesOf(lists.pinned)).toEqual(["c"]);
});

test("many are moved by one request, and come back by one", async () => {
  await begin({}, {}, { pinned: true });
  await order.putAway(stored, "archived");
  expect(titlesOf(lists.loose)).toEqual([]);
  await undo();
  expect(asked).toEqual(["PATCH /api/conversations", "PATCH /api/conversations"]);
  expect(titlesOf(lists.loose)).toEqual(["c", "d"]);
});

test("what could not be moved is there still, and can be tried again", async () => {
  works = false;
  expect(await order.putAway(stored, "trash")).toBe(false);
  expect(titlesOf(lists.loose)).toEqual(["c"]);
  expect(toasts.value.at(-1)).toMatchObject({ text: "No room", failed: true });
  works = true;
  await toasts.value.at(-1)!.action!.run();
  expect(stored[0]!.place).toBe("trash");
});

test("what is used goes to the top of its list", async () => {
  await begin({}, {}, {});
  touchConversation({ ...stored[2]!, updated_at: Date.now() });
  expect(titlesOf(lists.loose)).toEqual(["e", "c", "d"]);
});

test("what is used while the lists are read is on top afterwards", async () => {
  await begin({}, {});
  const reading = lists.refresh();
  touchConversation({ ...stored[1]!, updated_at: Date.now() });
  stored = [{ ...stored[1]!, updated_at: Date.now() }, stored[0]!];
  await reading;
  expect(titlesOf(lists.loose)).toEqual(["d", "c"]);
});

test("a temporary conversation that is kept and left at once stays", async () => {
  await begin({ place: "temporary" });
  const kept = keep();
  chat.openId.value = null;
  chat.conversation.value = null;
  await kept;
  expect(asked).toEqual(["PATCH /api/conversations/c"]);
});

test("a temporary conversation that is left is deleted", async () => {
  await begin({ place: "temporary" });
  chat.openId.value = null;
  chat.conversation.value = null;
  expect(asked).toEqual(["DELETE /api/conversations/c"]);
});

test("what another tab has deleted already does not keep the rest in the trash", async () => {
  gone = true;
  await expect(order.deleteConversation("c")).resolves.toBeUndefined();
});
