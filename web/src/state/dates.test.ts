import { expect, test } from "vitest";
import { dateLabel, groupByDate } from "./dates";

const now = new Date(2026, 2, 30, 0, 30).getTime(); // half an hour after midnight, a day after summer time began
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();

test.each([
  ["Today", at(2026, 2, 30, 0, 1)],
  ["Today", now + 60_000],
  ["Yesterday", at(2026, 2, 29, 23, 59)],
  ["Yesterday", at(2026, 2, 29, 0, 0)],
  ["Previous 7 days", at(2026, 2, 28, 23, 59)],
  ["Previous 7 days", at(2026, 2, 23, 0, 0)],
  ["Previous 30 days", at(2026, 2, 22, 23, 59)],
  ["Previous 30 days", at(2026, 1, 28, 12)],
  ["Older", at(2026, 1, 27, 12)],
  ["Older", at(2019, 0, 1)],
])("%s", (label, time) => {
  expect(dateLabel(time, now)).toBe(label);
});

test("groups keep the order and leave out empty ones", () => {
  const times = [now, now - 1000, at(2026, 2, 25), at(2020, 0, 1)];
  const groups = groupByDate(
    times.map((updated_at) => ({ updated_at })),
    now,
  );
  expect(groups.map((group) => [group.label, group.items.length])).toEqual([
    ["Today", 2],
    ["Previous 7 days", 1],
    ["Older", 1],
  ]);
});
