import { expect, test, vi } from "vitest";
import type { Fact } from "../types";

const listeners: Record<string, () => void> = {};
vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("addEventListener", (name: string, run: () => void) => (listeners[name] = run));
const { forgetSoon, keepAfterAll } = await import("./facts");

test("closing the page forgets at once what was to be forgotten, and nothing else", () => {
  const deleted: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    deleted.push(path);
    return new Response(null, { status: 204 });
  });
  const [gone, kept] = [{ id: "gone" } as Fact, { id: "kept" } as Fact];
  forgetSoon(gone);
  forgetSoon(kept);
  keepAfterAll(kept);
  listeners.pagehide?.();
  expect(deleted).toEqual(["/api/facts/gone"]);
});
