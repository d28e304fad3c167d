import { expect, test } from "vitest";
import type { Source } from "../types";
import { narrowed } from "./narrowed";

const TEXT =
  "Welcome to the firm. 🎉 Every employee has 27 days of paid leave. Hotel costs are refunded up to 140 euros.\n" +
  "The price is 3.50 euros.";

const source = (text = TEXT, start = 100): Source => ({
  number: 1,
  id: "c",
  document_id: "d",
  document_name: "handbook.pdf",
  page: 1,
  page_end: null,
  heading: "",
  start,
  end: start + [...text].length,
  text,
  score: 1,
});

const said = (claim: string) => narrowed(source(), claim).text;

test("the sentence that says it is what is cited", () => {
  expect(said("Employees have 27 days of leave")).toBe(
    "🎉 Every employee has 27 days of paid leave.",
  );
});

test("its place is counted in characters, not in units of UTF-16", () => {
  const { start, end, text } = narrowed(source(), "Hotel costs are refunded");
  expect([...TEXT].slice(start - 100, end - 100).join("")).toBe(text);
  expect(text).toBe("Hotel costs are refunded up to 140 euros.");
});

test("what two sentences say together is both of them", () => {
  expect(said("27 days of paid leave, and hotel costs refunded up to 140 euros")).toBe(
    "🎉 Every employee has 27 days of paid leave. Hotel costs are refunded up to 140 euros.",
  );
});

test("a point in a number ends no sentence", () => {
  expect(said("price of 3.50 euros")).toBe("The price is 3.50 euros.");
});

test("a claim the source does not say leads to all of it", () => {
  expect(said("Penguins swim")).toBe(TEXT);
  expect(said("")).toBe(TEXT);
});
