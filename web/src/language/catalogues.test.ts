import { describe, expect, test } from "vitest";
import { files, readFile } from "./keys";
import type { Catalogue, Forms } from "./t";

const catalogues = import.meta.glob<Catalogue>("./catalogues/*.json", {
  eager: true,
  import: "default",
});
const keys = files().flatMap((file) => readFile(file).keys);
const known = new Map(keys.map((key) => [key.text, key]));

const marks = (text: string) => text.match(/\{\w+\}|<\/?\w+>/g)?.sort() ?? [];

test("a text has one English singular wherever it is used", () => {
  const ones = new Map<string, string | undefined>();
  const different = keys.filter(({ text, one }) => {
    if (!ones.has(text)) ones.set(text, one);
    return ones.get(text) !== one;
  });
  expect(different).toEqual([]);
});

describe.each(Object.entries(catalogues))("%s", (file, catalogue) => {
  const language = file.match(/(\w+)\.json$/)![1]!;
  const rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories;

  test("has every text of the page", () => {
    const missing = [...known.keys()].filter((text) => !(text in catalogue));
    expect(missing).toEqual([]);
  });

  test("has no text that the page no longer uses", () => {
    const stale = Object.keys(catalogue).filter((text) => !known.has(text));
    expect(stale).toEqual([]);
  });

  test("has a form for every kind of count", () => {
    const wrong = Object.entries(catalogue).filter(([text, words]) => {
      const wanted = known.get(text)?.one === undefined ? "" : [...rules].sort().join();
      return known.has(text) && wanted !== (typeof words === "string" ? "" : categories(words));
    });
    expect(wrong.map(([text]) => text)).toEqual([]);
  });

  test("has the same placeholders and elements", () => {
    const wrong = Object.entries(catalogue).filter(([text, words]) =>
      typeof words === "string"
        ? marks(words).join() !== marks(text).join()
        : Object.values(words).some((form) => !allowed(text, form)),
    );
    expect(wrong.map(([text]) => text)).toEqual([]);
  });
});

const categories = (forms: Forms) => Object.keys(forms).sort().join();

/** A form for one, two or none may say the number in a word. */
function allowed(text: string, form: string): boolean {
  const without = (one: string) => marks(one).filter((mark) => mark !== "{n}");
  return (
    without(form).join() === without(text).join() &&
    marks(form).filter((mark) => mark === "{n}").length <= 1
  );
}
