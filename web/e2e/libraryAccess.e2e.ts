import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { handbook, minutes, text } from "./files";
import { expect, test } from "./fixtures";
import { chooseAll, libraryOf, picker } from "./library";
import { DOCUMENTS, fakeLibrary, SHELVES } from "./libraryFake";

test("library and viewer have no grave finding", async ({ chat }) => {
  test.setTimeout(120_000);
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(handbook("accessible.pdf"));
  await expectAccessible(page);
  await library.delete("accessible.pdf");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undo deleting accessible.pdf" }).click();
  await page.getByRole("textbox", { name: "Search in documents" }).fill("annual leave");
  await expect(page.locator(".results mark").first()).toBeVisible();
  await expectAccessible(page);
  await page.locator(".results").getByRole("link", { name: "accessible.pdf" }).first().click();
  await expect(page.locator("mark").first()).toBeInViewport();
  await expectAccessible(page);
});

test("sources, citations and the picker have no grave finding", async ({ chat }) => {
  test.setTimeout(120_000);
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(handbook("cited.pdf"));
  await page.goto(chat.appliance.address);
  await chat.useModel("echo");
  await chooseAll(page);
  await chat.ask("How many days of annual leave?");
  await chat.finished();
  await page.locator(".sources summary").click();
  await chat.lastAnswer.locator(".citation").first().hover();
  await expect(page.getByRole("tooltip")).toBeVisible();
  await expectAccessible(page);
  await picker(page).click();
  await page.getByRole("radio", { name: "Only these" }).check();
  await page.locator(".scope-panel summary").first().click();
  await expect(page.getByRole("checkbox", { name: "cited.pdf" })).toBeVisible();
  await expectAccessible(page);
});

test("the library fits a phone", async ({ chat }) => {
  const { page } = chat;
  await page.setViewportSize({ width: 390, height: 844 });
  const library = libraryOf(chat);
  await library.open();
  await library.add(minutes(`${"a long name without a gap".replaceAll(" ", "_").repeat(6)}.docx`));
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBeLessThanOrEqual(390);
  await expectAccessible(page);
  await page.locator(".document").first().getByRole("link").click();
  await expect(page.locator(".document-text")).toContainText("Okonkwo");
  expect(await width()).toBeLessThanOrEqual(390);
});

/** What has less than 44 pixels in a direction; links inside of sentences are let off. */
const tooSmall = (page: Page) =>
  page
    .locator("button:visible, select:visible, summary:visible, a.button:visible")
    .evaluateAll((all) =>
      all.flatMap((one) => {
        const { width, height } = one.getBoundingClientRect();
        return width < 44 || height < 44
          ? [`${one.outerHTML.slice(0, 80)} ${width}x${height}`]
          : [];
      }),
    );

test("what is touched on a phone is large enough for a finger", async ({ chat }) => {
  const { page, appliance } = chat;
  await page.setViewportSize({ width: 390, height: 844 });
  await fakeLibrary(page);
  await page.goto(`${appliance.address}/library?collection=${SHELVES[1][0]}`);
  await expect(page.getByRole("button", { name: "Retry scan.pdf" })).toBeVisible();
  expect(await tooSmall(page)).toEqual([]);
  const chips = page.locator("a.collection");
  for (const chip of await chips.all())
    expect((await chip.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await page.goto(`${appliance.address}/library/${DOCUMENTS[0]!.id}`);
  await expect(page.getByLabel("Go to page")).toBeVisible();
  expect(await tooSmall(page)).toEqual([]);
  await page.goto(appliance.address);
  await picker(page).click();
  await page.getByText("Only these").click();
  await expect(page.locator(".scope-panel summary").first()).toBeVisible();
  expect(await tooSmall(page)).toEqual([]);
});

test("dismissing what is at hand leaves the keyboard in the view", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(text("unwanted.txt", "A note nobody wants back."));
  await library.delete("unwanted.txt");
  await page.getByRole("button", { name: "Dismiss unwanted.txt" }).press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("the picker by keyboard alone", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(text("keys.txt", "A note about keys and doors of the lighthouse."));
  await page.goto(chat.appliance.address);
  await picker(page).press("Enter");
  await expect(page.getByRole("radio", { name: "No documents" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(picker(page)).toContainText("All my documents");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("radio", { name: "No documents" })).toHaveCount(0);
  await expect(picker(page)).toBeFocused();
  await expect(picker(page)).not.toContainText("No documents");
});
