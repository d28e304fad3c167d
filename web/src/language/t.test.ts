import { afterEach, expect, test } from "vitest";
import { rich } from "./rich";
import { direction, locale, plural, t, words } from "./t";

afterEach(() => {
  words.value = {};
  locale.value = "en";
  direction.value = "ltr";
});

test("English is its own translation", () => {
  expect(t("New chat")).toBe("New chat");
  expect(t("Delete {title}?", { title: "Costs" })).toBe("Delete Costs?");
});

test("a text has the words of the catalogue, in their own order", () => {
  words.value = { "{name} of {place}": "{place}: {name}" };
  expect(t("{name} of {place}", { name: "a", place: "b" })).toBe("b: a");
});

test("a value that looks like a placeholder stays as it was written", () => {
  expect(t("{name} and {other}", { name: "{other}", other: "x" })).toBe("{other} and x");
});

test("counts are written as the reader writes numbers", () => {
  locale.value = "de";
  expect(plural(12345, "{n} page", "{n} pages")).toBe("12.345 pages");
});

test("one is not many, and zero is", () => {
  expect(plural(1, "{n} page", "{n} pages")).toBe("1 page");
  expect(plural(0, "{n} page", "{n} pages")).toBe("0 pages");
});

test("a language has as many plurals as it needs", () => {
  locale.value = "pl";
  const forms = { one: "{n} strona", few: "{n} strony", many: "{n} stron", other: "{n} strony" };
  words.value = { "{n} pages": forms };
  const say = (n: number) => plural(n, "{n} page", "{n} pages");
  expect([1, 2, 5, 22, 0].map(say)).toEqual([
    "1 strona",
    "2 strony",
    "5 stron",
    "22 strony",
    "0 stron",
  ]);
});

test("what a person wrote does not turn a sentence of the other direction around", () => {
  direction.value = "rtl";
  expect(t("Delete {title}?", { title: "Costs" })).toBe("Delete \u2068Costs\u2069?");
});

test("elements stand where the sentence has them", () => {
  words.value = { "Read <a>the guide</a>, {name}.": "{name}, <a>Anleitung</a> lesen." };
  const link = (text: string) => `[${text}]`;
  expect(rich("Read <a>the guide</a>, {name}.", { a: link, name: "Ada" })).toEqual([
    "",
    "Ada",
    ", ",
    "[Anleitung]",
    " lesen.",
  ]);
});
