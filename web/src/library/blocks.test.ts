import { expect, test } from "vitest";
import { around, blocksOf, unitsOf } from "./blocks";

const characters = (text: string, start: number, end: number) =>
  [...text].slice(start, end).join("");

test("offsets in characters find the same words in a JavaScript string", () => {
  const text = "a🏝b 😀😀 leave 𝒳 end";
  for (let start = 0; start <= [...text].length; start++) {
    for (let end = start; end <= [...text].length; end++) {
      const [from, to] = unitsOf(text, [start, end]);
      expect(text.slice(from, to)).toBe(characters(text, start, end));
    }
  }
});

test("offsets beyond the text are its end, in any order asked", () => {
  expect(unitsOf("😀x", [9, 0, 1])).toEqual([3, 0, 2]);
});

test.each([
  ["no text", "", []],
  ["one page", "x".repeat(50), [0]],
  ["an empty page", "one\ntwo", [0, 4, 4]],
  ["words before the first page", "title\npage", [6]],
  ["a page without a gap", "x".repeat(10_000), [0, 7000]],
  ["paragraphs", "Some words here.\n\n".repeat(2000), [0, 18_000]],
  ["characters of two units", "😀".repeat(5000), []],
])("%s: the blocks are the whole text in order", (_, text, pages) => {
  const blocks = blocksOf(text, pages);
  expect(blocks.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
  expect(blocks.filter(({ page }) => page !== null).map(({ page }) => page)).toEqual(
    pages.map((_, at) => at + 1),
  );
  for (const { from, to, page } of blocks) {
    expect(to - from).toBeLessThanOrEqual(3000);
    if (page) expect(from).toBe(pages[page - 1]);
    expect(/^[\udc00-\udfff]/.test(text.slice(from, to))).toBe(false);
  }
});

test("a passage over several blocks is marked in each", () => {
  const text = "word ".repeat(2000);
  const marks = blocksOf(text, [0, 4000]).map((block) => around(block, 2500, 6500));
  expect(marks.map(([from, to]) => text.slice(from, to)).join("")).toBe(text.slice(2500, 6500));
});
