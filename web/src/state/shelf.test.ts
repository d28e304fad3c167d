import { beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../types";
import { PAGE, shelf } from "./shelf";

const ALL = 10_000;
let asked: number[];
let works: boolean;

beforeEach(() => {
  asked = [];
  works = true;
  vi.stubGlobal("fetch", async (path: string) => {
    const skip = Number(new URL(path, "http://here").searchParams.get("skip"));
    asked.push(skip);
    if (!works) throw new TypeError("no network");
    const count = Math.min(PAGE, ALL - skip);
    const items = Array.from({ length: count }, (_, at) => ({ id: `${skip + at}` }));
    return Response.json({ items, next: null });
  });
});

async function filled() {
  const one = shelf({ loose: true });
  (await one.reread())(ALL);
  return one;
}

const read = (one: Awaited<ReturnType<typeof filled>>) => one.rows.value.filter(Boolean).length;

test("far down only what is looked at is read", async () => {
  const one = await filled();
  await one.ensure(7_950, 7_980);
  expect(asked).toEqual([0, 7_900]);
  expect(one.rows.value[7_960]?.id).toBe("7960");
  expect(one.rows.value[4_000]).toBeNull();
});

test("what is there already is not read again", async () => {
  const one = await filled();
  await one.ensure(10, 40);
  expect(asked).toEqual([0]);
});

test("however far somebody scrolls, what is kept is bounded", async () => {
  const one = await filled();
  for (let at = 0; at < ALL; at += PAGE) await one.ensure(at, at + 30);
  expect(read(one)).toBeLessThan(3_100);
  expect(one.rows.value[ALL - PAGE]?.id).toBe(String(ALL - PAGE));
});

test("a conversation stands in one row, even if it moved while it was read", async () => {
  const one = await filled();
  one.addOnTop({ id: "150" } as Conversation);
  await one.ensure(101, 130);
  expect(one.rows.value.filter((row) => row?.id === "150")).toHaveLength(1);
});

test("rows that could not be read are read when they are looked at again", async () => {
  const one = await filled();
  works = false;
  await one.ensure(500, 530);
  expect(one.failed.value).toBe(true);
  works = true;
  await one.ensure(500, 530);
  expect(one.failed.value).toBe(false);
  expect(one.rows.value[510]?.id).toBe("510");
});
