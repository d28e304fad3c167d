// Long conversations: what is far from the view is not drawn, and nothing of it is lost.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { type Chat, expect, test } from "./fixtures";
import { longTalk } from "./longTalk";

const MESSAGES = 400;
/** Far fewer than there are, however high the rows happen to be. */
const FEW = 40;

let id = "";

async function open({ page, appliance }: Chat) {
  id ||= await longTalk(page, appliance, MESSAGES);
  await page.goto(`${appliance.address}/c/${id}`);
  await expect(page.locator("article.last")).toBeInViewport();
}

const list = (page: Page) => page.locator(".messages");
const question = (page: Page, n: number) =>
  page.locator("article.user", { has: page.getByText(`Question ${n}`, { exact: true }) });

/** As by the wheel, so far at a time that nothing of what was drawn is still drawn after a few times. */
async function scroll(page: Page, by: number, times = 1) {
  for (let time = 0; time < times; time++) {
    await list(page).evaluate((box, by) => box.scrollBy(0, by), by);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  }
}

async function toTheBeginning(page: Page) {
  await expect(async () => {
    await scroll(page, -1_000_000);
    await expect(question(page, 0)).toBeInViewport({ timeout: 200 });
  }).toPass({ intervals: [0] });
}

test("only what is near the view is drawn, wherever that is", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  const articles = page.locator("article");
  expect(await articles.count()).toBeLessThan(FEW);
  await toTheBeginning(page);
  expect(await articles.count()).toBeLessThan(FEW);
  await list(page).evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await expect(articles.nth(3)).toBeInViewport();
  expect(await articles.count()).toBeLessThan(FEW);
  await expectAccessible(page);
});

test("each message says which one it is of all", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await toTheBeginning(page);
  await expect(question(page, 0)).toHaveAttribute("aria-posinset", "1");
  await expect(page.locator("article.last")).toHaveAttribute("aria-posinset", `${MESSAGES}`);
});

test("the view moves as far as it is scrolled, and no further", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await toTheBeginning(page);
  await list(page).evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await scroll(page, -1);
  for (const by of [-300, -300, -300, 250, -700, -700, 400, 400, 400]) {
    const before = await page.evaluate(inView);
    await scroll(page, by);
    const after = await page.evaluate(inView);
    const both = before.filter(([key]) => after.some(([other]) => other === key));
    for (const [key, top] of both) {
      const now = after.find(([other]) => other === key)![1];
      expect(Math.abs(now - top + by), `row ${key} by ${by}`).toBeLessThan(2);
    }
    expect(both.length).toBeGreaterThan(0);
  }
});

/** The rows in view, and where they begin. */
function inView(): [key: string, top: number][] {
  const box = document.querySelector(".messages")!.getBoundingClientRect();
  return [...document.querySelectorAll<HTMLElement>("article")]
    .map((one) => [one, one.getBoundingClientRect()] as const)
    .filter(([, { top, bottom }]) => bottom > box.top && top < box.bottom)
    .map(([one, { top }]) => [one.dataset.id!, top]);
}

test("no part of the view is left empty, however far it is scrolled at once", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await toTheBeginning(page);
  for (const share of [0.7, 0.2, 0.9, 0.5]) {
    await list(page).evaluate((box, share) => (box.scrollTop = box.scrollHeight * share), share);
    await expect
      .poll(() =>
        page.evaluate(() => {
          const box = document.querySelector(".messages")!.getBoundingClientRect();
          return [...document.querySelectorAll(".undrawn")].some((one) => {
            const { top, bottom } = one.getBoundingClientRect();
            return bottom > box.top + 1 && top < box.bottom - 1;
          });
        }),
      )
      .toBe(false);
  }
});

test("the focus stays where it is while its row is scrolled away", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  const copy = page.locator("article.user").last().getByRole("button", { name: "Copy" });
  await copy.focus();
  await scroll(page, -2_000, 5);
  await expect(copy).toBeFocused();
  await expect(copy).not.toBeInViewport();
  // And the Tab key goes on from there.
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveAccessibleName("Edit");
  await page.keyboard.press("Tab");
  await expect(page.locator("article.last :focus")).toHaveAccessibleName("Copy answer");
});

test("what is selected stays selected while it is scrolled away", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await toTheBeginning(page);
  await question(page, 2)
    .locator(".bubble")
    .evaluate((box) => getSelection()!.selectAllChildren(box));
  await scroll(page, 2_000, 5);
  expect(await page.evaluate(() => String(getSelection()))).toContain("Question 2");
  await page.evaluate(() => getSelection()!.removeAllRanges());
  await scroll(page, 2_000, 2);
  await expect(question(page, 2)).toHaveCount(0);
});

test("a question being rewritten stays as it is, and takes no focus on the way back", async ({
  chat,
}) => {
  const { page } = chat;
  await open(chat);
  const asked = page.locator("article.user").last();
  await asked.hover();
  await asked.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("Question of my own");
  await chat.box.focus();
  await scroll(page, -2_000, 5);
  await scroll(page, 2_000, 5);
  await expect(chat.box).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Edit message" })).toHaveValue(
    "Question of my own",
  );
  await page.getByRole("button", { name: "Cancel" }).click();
});

test("what was opened in a row is open when it is scrolled back to", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await page.locator("article.last").getByRole("button", { name: "Details" }).click();
  const asked = chat.answers.nth(-2);
  await asked.hover();
  await asked.getByRole("button", { name: "Details" }).click();
  await expect(asked.locator(".details")).toBeVisible();
  await chat.box.focus();
  await scroll(page, -2_000, 5);
  await scroll(page, 2_000, 5);
  await expect(asked.locator(".details")).toBeInViewport();
});

test("words far away are found, marked and gone to, from either end", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await page.locator("article.last").focus();
  await page.keyboard.press("ControlOrMeta+f");
  const field = page.getByRole("textbox", { name: "Find in this conversation" });
  await field.fill("question 30");
  await expect(page.locator(".find-bar")).toContainText(/of [1-9]/);
  // The reader is at the end: the last of them is the nearest.
  await expect(question(page, 308)).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(question(page, 30)).toBeInViewport();
  const marked = () =>
    page.evaluate(() => [...(CSS.highlights.get("found-now") ?? [])].map((range) => String(range)));
  await expect.poll(marked).toEqual(["Question 30"]);
  expect(await page.locator("article").count()).toBeLessThan(FEW);
  await field.fill("question");
  await expect(page.locator(".find-bar")).toContainText("of 200");
  await scroll(page, -2_000, 3);
  const all = () => page.evaluate(() => CSS.highlights.get("found")!.size);
  // Those that are drawn later are marked too.
  await expect.poll(all).toBeGreaterThan(2);
  await page.keyboard.press("Escape");
});

test("a message far above is opened from the search, and has the focus", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await page.goto(`${chat.appliance.address}/`);
  await expect(chat.box).toBeFocused();
  await page.keyboard.press("ControlOrMeta+k");
  const box = page.getByRole("combobox", { name: "Search conversations, messages and documents" });
  await box.fill("question 100");
  await page
    .getByRole("group", { name: "Messages" })
    .getByRole("option", { name: /Question 100\b/ })
    .click();
  await expect(question(page, 100)).toBeFocused();
  await expect(question(page, 100)).toBeInViewport();
});

test("who comes back from another page reads on at the same row", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await toTheBeginning(page);
  await list(page).evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await scroll(page, -1);
  const before = await page.evaluate(inView);
  await page.getByRole("link", { name: "Library" }).click();
  await expect(page.getByRole("heading", { name: "All documents" })).toBeVisible();
  await page.goBack();
  await expect(page.locator("article").first()).toBeAttached();
  await expect
    .poll(async () => (await page.evaluate(inView)).map(([key]) => key))
    .toEqual(before.map(([key]) => key));
});

test("from far above one step leads to the latest", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await toTheBeginning(page);
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(page.locator("article.last")).toBeInViewport();
  await expect(page.locator("article.last")).toBeFocused();
  await expect(page.getByRole("button", { name: "Jump to latest" })).toHaveCount(0);
});

test("a question asked far above leads to its answer", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  await chat.useModel("echo");
  await toTheBeginning(page);
  await chat.box.fill("at the end");
  await chat.box.press("Enter");
  await chat.finished();
  await expect(chat.lastAnswer).toHaveText("at the end");
  await expect(chat.lastAnswer).toBeInViewport();
});
