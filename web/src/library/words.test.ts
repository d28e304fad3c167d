import { expect, test } from "vitest";
import { excerpt, marked } from "./words";

const hits = (text: string, query: string) =>
  marked(text, query)
    .filter((piece) => piece.hit)
    .map((piece) => piece.text);

test.each([
  ["Leave is 27 days a year.", "how many days of leave?", ["Leave", "days"]],
  ["The policies apply. One policy.", "policy", ["policy"]],
  ["Invoices are paid; an invoice is late.", "paying invoices", ["Invoices", "invoice"]],
  ["Er zahlte die Gebühr.", "gebuhr", ["Gebühr"]],
  ["(a+b)* costs $5", "5", ["5"]],
  ["Nothing of it", "the of and", []],
  ["running runs run", "run", ["runs", "run"]],
  ["", "anything", []],
])("in %j, %j finds %j", (text, query, expected) => {
  expect(hits(text, query)).toEqual(expected);
});

test("no character is lost or made up", () => {
  const text = "Ärger — 2.5 days\n\nof *leave*, leave! 🏝️";
  const whole = marked(text, "leave days arger")
    .map((piece) => piece.text)
    .join("");
  expect(whole).toBe(text);
});

const shown = (text: string, query: string) =>
  excerpt(marked(text, query))
    .map((piece) => piece.text)
    .join("");

test("of a long passage, what has most of the words is shown", () => {
  const filler = "Something else about the harbour and its boats. ".repeat(20);
  const long = `${filler}The barrier at the south gate opens with the code 4471. ${filler}`;
  const part = shown(long, "code of the south gate in the harbour");
  expect(part).toMatch(/^… /);
  expect(part.indexOf("south gate")).toBeLessThan(150);
  expect(part.indexOf("south gate")).toBeGreaterThan(0);
});

test("a short passage, and one without the words, is shown from its beginning", () => {
  expect(shown("The south gate.", "gate")).toBe("The south gate.");
  const long = "Nothing of the kind. ".repeat(60);
  expect(shown(long, "gate")).toBe(long);
});
