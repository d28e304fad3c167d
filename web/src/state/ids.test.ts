import { expect, test } from "vitest";
import { newId } from "./ids";

test("ids are UUIDs of version 7 that sort by time", () => {
  const ids = [0, 1, 1_700_000_000_000, Date.now(), 2 ** 48 - 1].map((time) => newId(time));
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect([...ids].sort()).toEqual(ids);
  expect(newId()).not.toBe(newId());
});
