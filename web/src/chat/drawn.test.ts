import { expect, test } from "vitest";
import { around, Heights, rowAt, withGaps } from "./drawn";

const TALL = 100;
const same = () => TALL;

test("at the end, what fits the view and more above it is drawn", () => {
  expect(around(same, 5000, { at: 5000, top: 800 }, 800, 400)).toEqual([4988, 5000]);
});

test("in the middle, so much more is drawn on either side", () => {
  expect(around(same, 5000, { at: 2000, top: -30 }, 800, 400)).toEqual([1996, 2013]);
});

test("a row higher than the view is drawn alone while its middle is read", () => {
  const height = (at: number) => (at === 7 ? 90_000 : TALL);
  expect(around(height, 20, { at: 7, top: -40_000 }, 800, 400)).toEqual([7, 8]);
});

test("nothing is drawn before the first or after the last", () => {
  expect(around(same, 3, { at: 1, top: 50 }, 800, 400)).toEqual([0, 3]);
});

test("the row at a place is the one that reaches below it", () => {
  expect(rowAt(same, 5000, 1234)).toEqual({ at: 12, top: -34 });
  expect(rowAt(same, 5000, 1200)).toEqual({ at: 12, top: 0 });
});

test("below the last row there is none", () => {
  expect(rowAt(same, 3, 99_999).at).toBe(2);
});

test("what was not measured is as high as what was, on the average", () => {
  const heights = new Heights();
  heights.set("a", 100);
  heights.set("b", 300);
  expect(heights.of("c")).toBe(200);
  expect(heights.of("b")).toBe(300);
});

test("a row that is measured again counts once", () => {
  const heights = new Heights();
  heights.set("a", 100);
  heights.set("a", 500);
  expect(heights.of("b")).toBe(500);
});

test("what many rows have said stays, so that nothing moves while it is scrolled", () => {
  const heights = new Heights();
  for (let at = 0; at < 100; at++) heights.set(`${at}`, 100);
  heights.set("high", 10_000);
  expect(heights.of("unknown")).toBe(100);
});

test("what is left out between two drawn rows is as high as its rows together", () => {
  const drawn = withGaps(same, 10, (at) => at === 2 || at === 3 || at === 9);
  expect(drawn).toEqual([
    { at: 2, gap: 200 },
    { at: 3, gap: 0 },
    { at: 9, gap: 500 },
  ]);
});
