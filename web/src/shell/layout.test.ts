import { expect, test, vi } from "vitest";
import type { Section } from "../state/lists";

vi.stubGlobal("location", { pathname: "/" });
const { inView, nextRow, place, spotAt } = await import("./layout");

const section = (kind: Section["kind"], count: number) => ({ key: kind, kind, count }) as Section;
const { placed, rows } = place([
  section("pinned", 2),
  section("folder", 0),
  section("date", 100_000),
]);

test("each section takes a row more than it has conversations", () => {
  expect(placed.map(({ top }) => top)).toEqual([0, 3, 4]);
  expect(rows).toBe(100_005);
});

test.each([
  [0, "pinned", -1],
  [2, "pinned", 1],
  [3, "folder", -1],
  [100_004, "date", 99_999],
])("row %i is in %s, number %i", (row, kind, at) => {
  expect(spotAt(placed, row)).toMatchObject({ section: { kind }, at });
});

test("beyond the end there is nothing", () => {
  expect(spotAt(placed, rows)).toBeNull();
});

test("headings of dates are stepped over, those of folders are not", () => {
  expect(nextRow(placed, 3, 1)).toBe(3);
  expect(nextRow(placed, 4, 1)).toBe(5);
  expect(nextRow(placed, 0, -1)).toBeNull();
});

test("of a long section only what is in view is drawn", () => {
  expect(inView(placed[2]!, 50_000, 50_020)).toEqual([49_995, 50_015]);
  expect(inView(placed[0]!, 50_000, 50_020)).toEqual([2, 2]);
});
