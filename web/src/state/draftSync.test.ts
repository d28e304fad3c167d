import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Draft } from "../types";

vi.stubGlobal("localStorage", { getItem: () => null, setItem() {}, removeItem() {} });
const heard = new Map<string, () => void>();
vi.stubGlobal("addEventListener", (name: string, callback: () => void) =>
  heard.set(name, callback),
);
const { keepDraft, readDraft } = await import("./drafts");
const { newerDraft, tookDraft } = await import("./draftSync");
const { user } = await import("./session");
const { wantedTemporary } = await import("./chat");

/** The server's copies, and what was asked of it. */
let kept: Map<string, Draft>;
let asked: string[];
let reachable: boolean;
let clock: number;

class Storage {
  [key: string]: unknown;
  getItem = (key: string) => (Object.hasOwn(this, key) ? this[key] : null);
  setItem = (key: string, value: string) => void (this[key] = value);
  removeItem = (key: string) => void delete this[key];
}

async function serve(path: string, { method, body }: RequestInit) {
  asked.push(`${method} ${path}`);
  if (!reachable) throw new TypeError("no network");
  if (method === "PUT") {
    const { text } = JSON.parse(String(body)) as { text: string };
    kept.set(path, { text, at: ++clock });
  }
  return Response.json(kept.get(path) ?? { text: "", at: 0 });
}

const written = (place = "new") => kept.get(`/api/drafts/${place}`)?.text;
const pause = () => vi.advanceTimersByTimeAsync(1_100);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", new Storage());
  vi.stubGlobal("fetch", serve);
  kept = new Map();
  asked = [];
  reachable = true;
  clock = 100;
  wantedTemporary.value = false;
  user.value = { id: crypto.randomUUID(), name: "Ada", role: "owner", created_at: 1 } as never;
});
afterEach(() => vi.useRealTimers());

test("what is written is sent once the writer pauses", async () => {
  for (const text of ["H", "He", "Hello"]) keepDraft(null, text);
  await pause();
  expect(asked).toEqual(["PUT /api/drafts/new"]);
  expect(written()).toBe("Hello");
});

test("what another device has written since is found", async () => {
  keepDraft("c", "Hello");
  await pause();
  kept.set("/api/drafts/c", { text: "Hello there", at: 200 });
  expect(await newerDraft("c")).toEqual({ text: "Hello there", at: 200 });
});

test("what is here already is not found again", async () => {
  kept.set("/api/drafts/c", { text: "Hello", at: 200 });
  const draft = (await newerDraft("c"))!;
  keepDraft("c", draft.text);
  tookDraft("c", draft);
  expect(await newerDraft("c")).toBeNull();
  await pause();
  expect(asked).toEqual(["GET /api/drafts/c", "GET /api/drafts/c"]);
});

test("what was written here and not sent yet stays, and is sent", async () => {
  reachable = false;
  keepDraft("c", "Mine");
  await pause();
  reachable = true;
  kept.set("/api/drafts/c", { text: "Theirs", at: 200 });
  expect(await newerDraft("c")).toBeNull();
  expect(written("c")).toBe("Mine");
  expect(readDraft("c")).toBe("Mine");
});

test("without a network it is tried again when there is one", async () => {
  reachable = false;
  keepDraft(null, "Tunnel");
  await pause();
  reachable = true;
  heard.get("online")!();
  await vi.advanceTimersByTimeAsync(0);
  expect(written()).toBe("Tunnel");
});

test("a temporary chat that has not begun leaves nothing there", async () => {
  keepDraft(null, "Secret");
  await pause();
  wantedTemporary.value = true;
  keepDraft(null, "");
  await pause();
  expect(written()).toBe("");
});

test("another one who signs in on this browser finds nothing of it", async () => {
  keepDraft(null, "Mine");
  await pause();
  user.value = { ...user.value!, id: "eve" };
  expect(readDraft(null)).toBe("");
});
