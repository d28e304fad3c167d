import { beforeEach, expect, test, vi } from "vitest";

vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {} }));
vi.stubGlobal("document", { documentElement: { dataset: {} }, querySelector: () => null });
vi.stubGlobal("history", { pushState() {}, replaceState() {} });
const { foundFor, groups, lookFor, state } = await import("./search");

const open = () => {};
let works: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  works = true;
  vi.stubGlobal("fetch", async () =>
    works
      ? Response.json({ items: [], next: null })
      : Response.json({ status: 500, code: "no", detail: "No" }, { status: 500 }),
  );
  lookFor("", open);
});

async function type(text: string) {
  lookFor(text, open);
  await vi.advanceTimersByTimeAsync(1000);
}

test("what stands there while it is typed was found for something else", async () => {
  lookFor("memo", open);
  expect(foundFor.value).toBe("");
  await vi.advanceTimersByTimeAsync(1000);
  expect(foundFor.value).toBe("memo");
});

test("where nothing could be searched, nothing stands there from before", async () => {
  await type("memory");
  works = false;
  await type("lighthouse");
  expect(state.value).toBe("failed");
  expect(groups.value).toEqual([]);
});
