import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followDocuments, unheard } from "./documentEvents";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

test("a broken stream is taken up again, and everything read anew", async () => {
  const answers = [
    () => new Response(event("document", { id: "a" })),
    () => Response.json({ code: "x" }, { status: 503 }),
    () => Promise.reject(new TypeError("Failed to fetch")),
    () => new Response(event("deleted", { id: "a" }) + event("unheard_of", {})),
  ];
  const fetch = vi.fn(async () => answers.shift()?.() ?? new Promise<Response>(() => {}));
  vi.stubGlobal("fetch", fetch);
  const seen: string[] = [];
  const abort = new AbortController();
  void followDocuments(
    {
      onDocument: ({ id }) => seen.push(`document ${id}`),
      onDeleted: (id) => seen.push(`deleted ${id}`),
      onOpen: () => seen.push("open"),
    },
    abort.signal,
  );
  await vi.advanceTimersByTimeAsync(100);
  expect(unheard.value).toBe(false);
  await vi.advanceTimersByTimeAsync(600);
  expect(unheard.value).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(unheard.value).toBe(false);
  expect(seen).toEqual(["open", "document a", "open", "deleted a"]);
  expect(fetch).toHaveBeenCalledTimes(5);
  abort.abort();
});

test("nothing is asked any more once it is over", async () => {
  const fetch = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
  vi.stubGlobal("fetch", fetch);
  const abort = new AbortController();
  const over = followDocuments(
    { onDocument: () => {}, onDeleted: () => {}, onOpen: () => {} },
    abort.signal,
  );
  await vi.advanceTimersByTimeAsync(100);
  abort.abort();
  await over;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fetch).toHaveBeenCalledTimes(1);
});
