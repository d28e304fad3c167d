import { beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../types";

vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("history", { pushState() {}, replaceState() {} });
vi.stubGlobal("addEventListener", () => {});
const chat = await import("./chat");
const lists = await import("./conversations");
const order = await import("./order");
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

let stored: Conversation;
let asked: string[];
let gone = false;

function begin(with_: Partial<Conversation> = {}) {
  stored = { ...plain, ...with_ };
  asked = [];
  chat.openId.value = "c";
  chat.conversation.value = stored;
  lists.conversations.value = [stored];
  lists.pinned.value = stored.pinned ? [stored] : [];
}

beforeEach(() => {
  begin();
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    asked.push(init.method!);
    if (init.method === "DELETE") {
      return gone
        ? Response.json({ status: 404, code: "not_found", detail: "No" }, { status: 404 })
        : new Response(null, { status: 204 });
    }
    stored = { ...stored, ...JSON.parse(String(init.body)) };
    if (stored.place !== "current") stored.pinned = false;
    return Response.json(stored);
  });
});

test("what is pinned while it is open is pinned for its next question, too", async () => {
  await order.pinConversation("c", true);
  lists.touchConversation(chat.conversation.value!);
  expect(lists.pinned.value.map((one) => one.id)).toEqual(["c"]);
});

test("what was pinned when it was thrown away is pinned when it comes back", async () => {
  begin({ pinned: true });
  await order.putAway("c", "trash");
  await order.bringBack(order.undoable.value!);
  expect(stored.pinned).toBe(true);
  expect(lists.pinned.value.map((one) => one.id)).toEqual(["c"]);
});

test("a temporary conversation that is kept and left at once stays", async () => {
  begin({ place: "temporary" });
  const kept = keep();
  chat.openId.value = null;
  chat.conversation.value = null;
  await kept;
  expect(asked).toEqual(["PATCH"]);
});

test("a temporary conversation that is left is deleted", async () => {
  begin({ place: "temporary" });
  chat.openId.value = null;
  chat.conversation.value = null;
  expect(asked).toEqual(["DELETE"]);
});

test("what is deleted for good has no way back", async () => {
  await order.putAway("c", "trash");
  await order.deleteConversation("c");
  expect(order.undoable.value).toBeNull();
});

test("what another tab has deleted already does not keep the rest in the trash", async () => {
  gone = true;
  await expect(order.deleteConversation("c")).resolves.toBeUndefined();
});
