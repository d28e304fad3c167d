import { beforeEach, expect, test, vi } from "vitest";
import { keepDraft, moveDraft, readDraft } from "./drafts";
import { signOut } from "./account";
import { user } from "./session";

const ada = { id: "ada", name: "Ada", role: "owner" as const, created_at: 1, display_name: "" };

/** What is stored are properties, as in a browser. */
class FakeStorage {
  [key: string]: unknown;
  getItem = (key: string) => (Object.hasOwn(this, key) ? this[key] : null);
  setItem = (key: string, value: string) => void (this[key] = value);
  removeItem = (key: string) => void delete this[key];
}

beforeEach(() => {
  vi.stubGlobal("localStorage", new FakeStorage());
  vi.stubGlobal("location", { assign() {} });
  user.value = ada;
});

test("a draft belongs to its writer", () => {
  keepDraft("c", "mine");
  user.value = { ...ada, id: "eve" };
  expect(readDraft("c")).toBe("");
  user.value = ada;
  expect(readDraft("c")).toBe("mine");
});

test.each([204, 401])("signing out, answered with %i, leaves no draft behind", async (status) => {
  keepDraft("c", "mine");
  keepDraft(null, "mine too");
  const ended = () => Response.json({ status, code: "not_signed_in" }, { status });
  vi.stubGlobal("fetch", async () => (status === 204 ? new Response(null, { status }) : ended()));
  await signOut();
  expect(readDraft("c") + readDraft(null)).toBe("");
});

test("the draft of a conversation that is gone goes to the next one, unless that has one", () => {
  keepDraft("c", "kept");
  moveDraft("c");
  expect([readDraft("c"), readDraft(null)]).toEqual(["", "kept"]);
  keepDraft("d", "late");
  moveDraft("d");
  expect(readDraft(null)).toBe("kept");
});
