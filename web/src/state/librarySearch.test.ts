import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { found, searchFor } from "./librarySearch";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));

afterEach(() => {
  searchFor("", null);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Answers in its own time, whatever was asked. */
function slowServer() {
  const asked: { query: string; aborted: () => boolean; answer: () => void }[] = [];
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body));
    return new Promise<Response>((resolve) => {
      asked.push({
        query: body.query,
        aborted: () => init.signal!.aborted,
        answer: () => resolve(Response.json({ items: [{ id: body.query }], next: null })),
      });
    });
  });
  return asked;
}

test("only the last of quick keystrokes is asked", async () => {
  const asked = slowServer();
  for (const text of ["l", "le", "lea", "leave "]) searchFor(text, null);
  await vi.advanceTimersByTimeAsync(249);
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked.map(({ query }) => query)).toEqual(["leave"]);
});

test("a late answer to an older question is never shown", async () => {
  const asked = slowServer();
  searchFor("first", null);
  await vi.advanceTimersByTimeAsync(300);
  searchFor("second", null);
  await vi.advanceTimersByTimeAsync(300);
  expect(asked[0]!.aborted()).toBe(true);
  asked[1]!.answer();
  asked[0]!.answer();
  await vi.advanceTimersByTimeAsync(10);
  expect(found.value).toMatchObject({ state: "ready", query: "second", items: [{ id: "second" }] });
});

test("an emptied box shows the documents again at once", async () => {
  const asked = slowServer();
  searchFor("first", null);
  searchFor("  ", null);
  await vi.advanceTimersByTimeAsync(500);
  expect(found.value).toEqual({ state: "idle" });
  expect(asked).toHaveLength(0);
});

test("what the server refuses is said", async () => {
  const problem = { status: 503, code: "busy", detail: "The index is being built." };
  vi.stubGlobal("fetch", async () => Response.json(problem, { status: 503 }));
  searchFor("first", null);
  await vi.advanceTimersByTimeAsync(300);
  expect(found.value).toEqual({ state: "failed", why: "The index is being built." });
});
