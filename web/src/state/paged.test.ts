import { expect, test } from "vitest";
import type { Page } from "../types";
import { paged } from "./paged";

interface One {
  id: string;
}

/** As a server with so many of them. */
const server = (count: number, page: number) => (words: string, before: string | null) => {
  const from = Number(before ?? 0);
  const items = Array.from({ length: Math.min(page, count - from) }, (_, at) => ({
    id: `${words}${from + at}`,
  }));
  const next = from + page < count ? String(from + page) : null;
  return Promise.resolve<Page<One>>({ items, next });
};

test("a list is read page by page, and anew as far as it is shown", async () => {
  const list = paged(server(25, 10));
  await list.open();
  expect([list.items.value.length, list.next.value]).toEqual([10, "10"]);
  await list.more();
  await list.refresh();
  expect([list.items.value.length, list.next.value]).toEqual([20, "20"]);
});

test("what comes late for other words is not shown", async () => {
  let answer: (page: Page<One>) => void = () => {};
  let calls = 0;
  const list = paged<One>((words) =>
    calls++ ? server(1, 10)(words, null) : new Promise((resolve) => (answer = resolve)),
  );
  const first = list.open();
  list.words.value = "b";
  await list.refresh();
  answer({ items: [{ id: "late" }], next: null });
  await first;
  expect(list.items.value).toEqual([{ id: "b0" }]);
});

test("what cannot be read says so, and what was read stays", async () => {
  let broken = false;
  const list = paged<One>((words, before) =>
    broken ? Promise.reject(new Error()) : server(25, 10)(words, before),
  );
  await list.open();
  broken = true;
  await list.more();
  expect([list.state.value, list.items.value.length]).toEqual(["failed", 10]);
});
