import { expect, test } from "vitest";
import { beginnings, dateGroups } from "./dates";

const now = new Date(2026, 2, 30, 0, 30).getTime(); // half an hour after midnight, a day after summer time began
const at = (...parts: [number, number, number]) => new Date(...parts).getTime();

test("groups begin at midnight of the reader's own days", () => {
  expect(beginnings(now)).toEqual([
    at(2026, 2, 30),
    at(2026, 2, 29),
    at(2026, 2, 23),
    at(2026, 1, 28),
  ]);
});

test("groups stand one after another, and empty ones are left out", () => {
  expect(dateGroups([2, 2, 3, 3], 10)).toEqual([
    { label: "Today", from: 0, count: 2 },
    { label: "Previous 7 days", from: 2, count: 1 },
    { label: "Older", from: 3, count: 7 },
  ]);
});

test("a group does not reach beyond the end of the list", () => {
  expect(dateGroups([5, 5, 5, 5], 4)).toEqual([{ label: "Today", from: 0, count: 4 }]);
});
