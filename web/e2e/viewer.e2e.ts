import type { Page } from "@playwright/test";
import type { DocumentText, Source } from "../src/types";
import { text } from "./files";
import { expect, test } from "./fixtures";
import { chooseAll, libraryOf, markedText } from "./library";
import { DOCUMENTS, fakeLibrary, SOURCES } from "./libraryFake";

const LONG = DOCUMENTS[0]!.id;

/** Shows a text of the test's choice in the place of the document's. */
async function fakeText(page: Page, shown: DocumentText) {
  await fakeLibrary(page);
  await page.route("**/text", (route) => route.fulfill({ json: shown }));
}

/** 2 MB on 400 pages, with characters of two units in every line. */
function longText(): { shown: DocumentText; words: string; start: number; end: number } {
  const words = "🦜 Only here: the parrot of Praa Sands 🦜 speaks 日本語 and 𝒟𝓊𝓉𝒸𝒽.";
  const line = "The tide 🌊 was taken at the quay 🏝️ each day of the year, and nobody asked why.\n";
  const lines = Array.from({ length: 61 }, () => line).join("");
  const pages: number[] = [];
  let count = 0;
  let whole = "";
  let start = 0;
  for (let page = 0; page < 400; page++) {
    pages.push(count);
    if (page === 300) start = count + [...line].length;
    const body = page === 300 ? `${line}${words}\n${lines}` : lines;
    whole += body;
    count += [...body].length;
  }
  const end = start + [...words].length;
  return { shown: { name: "handbook.pdf", text: whole, pages }, words, start, end };
}

test("in 2 MB of text exactly the cited words are marked, and pages are jumped to", async ({
  chat,
}) => {
  const { page, appliance } = chat;
  const { shown, words, start, end } = longText();
  expect(shown.text.length).toBeGreaterThan(2_000_000);
  await fakeText(page, shown);
  await page.goto(`${appliance.address}/library/${LONG}?at=${start}-${end}`);
  expect(await markedText(page)).toBe(words);
  await expect(page.locator("mark").first()).toBeFocused();
  await expect(page.locator(".text-block")).not.toHaveCount(0);

  await page.getByLabel("Go to page").selectOption("Page 12");
  const heading = page.getByRole("heading", { name: "Page 12", exact: true });
  await expect(heading).toBeInViewport();
  await expect(heading).toBeFocused();
  await page.getByLabel("Go to page").selectOption("Page 399");
  await expect(page.getByRole("heading", { name: "Page 399" })).toBeInViewport();
});

test("who opens a document by keyboard goes on in it, and comes back to the library", async ({
  chat,
}) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(text("keyboard.txt", "A note on keyboards and lanterns."));
  await library.link("keyboard.txt").press("Enter");
  await expect(page.locator(".document-text")).toContainText("lanterns");
  await page.keyboard.press("Tab");
  const back = page.locator(".viewer-tools").getByRole("link", { name: "Library" });
  await expect(back).toBeFocused();
  await back.press("Enter");
  await expect(library.link("keyboard.txt")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("textbox", { name: "Search in documents" })).toBeFocused();
});

test("who comes back from a citation finds the place where it stood", async ({ chat }) => {
  const { page, appliance } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(text("lamp.txt", "The keeper of the lamp at Zennor is Morwenna Trevail."));
  await page.goto(appliance.address);
  await chat.useModel("echo");
  await chooseAll(page);
  await chat.ask(`Who keeps the lamp at Zennor? ${"\n\nPlease say it slowly.".repeat(80)}`);
  await chat.finished();
  const cited = chat.lastAnswer.locator(".citation").first();
  await cited.scrollIntoViewIfNeeded();
  await cited.press("Enter");
  await expect(page.locator("mark").first()).toBeInViewport();
  await page.goBack();
  await expect(cited).toBeInViewport();
});

/** The last answer as it is after its sources changed into these. */
async function answeredFrom(page: Page, change: (source: Source) => object) {
  await page.route("**/messages*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const items = SOURCES.map((one) => ({ ...one, ...change(one as unknown as Source) }));
    body.items.at(-1).parts.unshift({ type: "sources", items });
    await route.fulfill({ response, json: body });
  });
  await page.reload();
}

test("a source whose document was deleted says so, and leads nowhere", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("Two weeks [1]. Four weeks [2].");
  await chat.finished();
  await answeredFrom(page, ({ number }) => (number === 1 ? { text: "" } : { page_end: 7 }));
  const [gone, kept] = [0, 1].map((at) => chat.lastAnswer.locator(".citation").nth(at));
  await expect(gone!).toHaveAccessibleName("Source 1: handbook.pdf, page 4, not available");
  await expect(gone!).not.toHaveAttribute("href");
  await gone!.focus();
  await expect(page.getByRole("tooltip")).toContainText("This document was deleted");
  await page.keyboard.press("Escape");
  await expect(kept!).toHaveAccessibleName("Source 2: handbook.pdf, pages 5–7");
  await page.locator(".sources summary").click();
  const [first, second] = [0, 1].map((at) => page.locator(".source-list li").nth(at));
  await expect(first!).toContainText("handbook.pdf, page 4");
  await expect(first!).toContainText("This document was deleted");
  await expect(first!.getByRole("link")).toHaveCount(0);
  await expect(second!.getByRole("link")).toHaveText("handbook.pdf, pages 5–7");
});

test("of a long source the beginning is shown, and the rest where it is asked for", async ({
  chat,
}) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("Four weeks [1].");
  await chat.finished();
  const long = `${"A word after the other. ".repeat(500)}The last word.`;
  await answeredFrom(page, () => ({ text: long }));
  await page.locator(".sources summary").click();
  const first = page.locator(".source-list li").first();
  const shown = first.locator(".source-text");
  expect((await shown.innerText()).length).toBeLessThan(320);
  await first.getByRole("button", { name: "Show more" }).click();
  await expect(shown).toContainText("The last word.");
  await first.getByRole("button", { name: "Show less" }).click();
  await expect(shown).not.toContainText("The last word.");
});
