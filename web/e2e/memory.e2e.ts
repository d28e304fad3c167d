// Memory: the chips beside an answer, the facts, the graph, what is recalled, and the switches.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { type Chat, expect, test } from "./fixtures";
import {
  enableMemory,
  entity,
  fact,
  forgetEverything,
  graphOf,
  remembered,
  say,
  SAID,
  serveFacts,
} from "./memory";

const QUESTION = "Where do I live, and who is my manager?";

const open = ({ page, appliance }: Chat, view = "") =>
  page.goto(`${appliance.address}/settings/memory${view && `?view=${view}`}`);

const row = (page: Page, text: string) => page.getByRole("listitem", { name: text, exact: true });

async function choose(page: Page, of: string, item: string) {
  await page.getByRole("button", { name: `More for “${of}”` }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

test.beforeEach(async ({ chat }) => {
  await forgetEverything(chat);
  await enableMemory(chat);
});

// Other tests ask the same person's models to say exactly what was asked.
test.afterEach(({ chat }) => enableMemory(chat, false));

/** An answer with a chip. */
async function askWithMemory(chat: Chat) {
  await say(chat, SAID, 3);
  await remembered(chat, 1);
  await chat.page.goto(chat.appliance.address);
  await chat.useModel("say?tokens=20&rate=0");
  await chat.ask(QUESTION);
  await chat.finished();
  const chip = chat.page.getByRole("link", { name: /^Remembered:/ });
  await expect(chip).toHaveCount(1);
  return chip;
}

test("a chip opens the answer it was said with", async ({ chat }) => {
  const { page } = chat;
  const chip = await askWithMemory(chat);
  await expectAccessible(page);
  await chip.press("Enter");
  await expect(page.locator("article.user")).toContainText(SAID);
  await expect(page.locator("article.assistant")).toBeFocused();
  await page.goBack();
  await expect(chip).toBeVisible();
});

test("a chip is removed, and not used in this conversation again", async ({ chat }) => {
  const { page } = chat;
  const chip = await askWithMemory(chat);
  await page.getByRole("button", { name: /^What to do with/ }).press("Enter");
  await expectAccessible(page);
  await expect(page.getByRole("menuitem", { name: "Remove" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chip).toHaveCount(0);
  await expect(page.locator("article.assistant")).toBeFocused();
  await chat.ask(QUESTION);
  await chat.finished();
  await expect(chat.answers).toHaveCount(2);
  await expect(chip).toHaveCount(0);
});

test("what a chip shows is not used again, anywhere, until it may be", async ({ chat }) => {
  const { page } = chat;
  await askWithMemory(chat);
  const menu = page.getByRole("button", { name: /^What to do with/ });
  await menu.click();
  await page.getByRole("menuitem", { name: "Don’t use again" }).click();
  await expect(page.getByText("Not used again:")).toBeVisible();
  await expectAccessible(page);
  await menu.click();
  await page.getByRole("menuitem", { name: "Use again" }).click();
  await expect(page.getByText("Not used again:")).toHaveCount(0);
});

test("a fact is worded, pinned, ended and opened where it was said", async ({ chat }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  await open(chat);
  await choose(page, "You live in Bern", "Edit");
  await page.getByLabel("The fact in your words").fill("Bern is home");
  await page.keyboard.press("Enter");
  await expect(row(page, "Bern is home")).toBeVisible();
  await expect(page.getByRole("button", { name: "More for “Bern is home”" })).toBeFocused();
  await choose(page, "Bern is home", "Pin");
  await expect(row(page, "Bern is home")).toContainText("Pinned");
  await choose(page, "Invoices go to Paula", "No longer true");
  await page.getByText("Earlier: 1").click();
  await expect(row(page, "Invoices go to Paula")).toContainText("Until");
  await expectAccessible(page);
  await page.reload();
  await expect(row(page, "Bern is home")).toContainText("Pinned");
  await page.getByRole("link", { name: "“My manager is Anna Keller”" }).click();
  await expect(page.locator("article.user")).toContainText(SAID);
  await expect(page.locator("article.user")).toBeFocused();
});

test("the sentence of a fact is brought into view, far up in a long conversation", async ({
  chat,
}) => {
  const { page } = chat;
  const { address } = chat.appliance;
  await say(chat, SAID, 3);
  const facts = await (await page.request.get(`${address}/api/facts`)).json();
  const { conversation_id } = facts.items[0].sources[0];
  for (let i = 0; i < 40; i++) {
    await page.request.post(`${address}/api/chat`, {
      headers: { Accept: "text/event-stream" },
      data: { conversation_id, content: `Question ${i}?`, model: "box/say?tokens=80&seed=1" },
    });
  }
  await open(chat);
  await page.getByRole("link", { name: "“I live in Bern”" }).click();
  const said = page.locator("article.user").first();
  await expect(said).toBeFocused();
  await expect(said).toContainText(SAID);
  await expect(said).toBeInViewport();
  // A list that is drawn anew does not go back to its end.
  await page.setViewportSize({ width: 900, height: 700 });
  await page.waitForTimeout(300);
  await expect(said).toBeInViewport();
});

test("a newer fact ends an older one, which is kept with its time", async ({ chat }) => {
  const { page } = chat;
  await say(chat, "I live in Bern.", 1);
  await say(chat, "I live in Basel now.", 2);
  await open(chat);
  await expect(row(page, "You live in Basel")).toBeVisible();
  await expect(row(page, "You live in Bern")).toBeHidden();
  await page.getByText("Earlier: 1").click();
  await expect(row(page, "You live in Bern")).toContainText(/Until \d/);
});

test("what is not sure comes first and is approved or not", async ({ chat }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  // Of somebody who is not known yet.
  await say(chat, "Robert Brown lives in Olten. Paula Weiss lives in Chur.", 5);
  await open(chat);
  const waiting = page.getByRole("region", { name: "To be approved" });
  await expect(waiting.getByRole("listitem")).toHaveCount(2);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Approve “Robert Brown lives in Olten”" }).click();
  await expect(waiting.getByRole("listitem")).toHaveCount(1);
  const group = page.getByRole("region", { name: "Robert Brown" });
  await expect(group.getByRole("listitem", { name: "Robert Brown lives in Olten" })).toBeVisible();
  await page.getByRole("button", { name: /^Not true/ }).click();
  await expect(page.getByRole("button", { name: /^Undo/ })).toBeFocused();
  await page.getByRole("link", { name: "Graph" }).click();
  await page.getByRole("link", { name: "Facts", exact: true }).click();
  await expect(group).toBeVisible();
  await expect(waiting).toHaveCount(0);
});

test("a forgotten fact can be had back, or is gone for good", async ({ chat }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  await open(chat);
  await choose(page, "You live in Bern", "Forget");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undo forgetting “You live in Bern”" }).press("Enter");
  await expect(row(page, "You live in Bern")).toBeVisible();
  await choose(page, "You live in Bern", "Forget");
  // Leaving takes nothing back.
  await page.reload();
  await expect(row(page, "Anna Keller is your manager")).toBeVisible();
  await expect(row(page, "You live in Bern")).toHaveCount(0);
});

test("hundreds of facts are read page by page and searched", async ({ chat }) => {
  const { page } = chat;
  await serveFacts(
    page,
    Array.from({ length: 500 }, (_, at) => fact(at, `Fact ${at} of many`)),
  );
  await open(chat);
  const rows = page.locator(".rows > li");
  await expect(rows).toHaveCount(100);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows).toHaveCount(200);
  await page.getByRole("textbox", { name: "Search in facts" }).fill("Fact 47 ");
  await expect(rows).toHaveCount(1);
  await page.getByRole("textbox", { name: "Search in facts" }).fill("whale");
  await expect(page.getByText("No facts with “whale” are known.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(rows).toHaveCount(100);
});

test("an entity gets another name", async ({ chat }) => {
  const { page } = chat;
  await say(chat, "My manager is Anna Keller. Anna works at Siemens.", 2);
  await open(chat);
  await page.getByRole("button", { name: "More for Anna Keller", exact: true }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("New name").fill("Anna Meier");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Anna Meier" })).toBeVisible();
  await expect(row(page, "Anna Meier is your manager")).toBeVisible();
});

test("the graph is walked by keyboard and tells the facts of one", async ({ chat }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  await open(chat, "graph");
  const node = (name: string) => page.getByRole("button", { name: new RegExp(`^${name}\\b`) });
  await expect(node("You")).toHaveAccessibleName(/manager Anna Keller/);
  await node("You").focus();
  const reached = new Set<string>();
  for (const key of [
    "ArrowLeft",
    "ArrowRight",
    "ArrowRight",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
  ]) {
    await page.keyboard.press(key);
    reached.add(await page.evaluate(() => document.activeElement!.textContent!));
  }
  expect(reached.size).toBeGreaterThan(1);
  await node("Bern").focus();
  await page.keyboard.press("Enter");
  await expect(node("Bern")).toHaveAttribute("aria-pressed", "true");
  const facts = page.getByRole("region", { name: "Bern" });
  await expect(facts.getByRole("listitem")).toHaveCount(1);
  await expect(facts).toContainText("You live in Bern");
  await expectAccessible(page);
});

test("a large graph shows the most connected, or those around one", async ({ chat }) => {
  const { page } = chat;
  await page.route("**/api/facts/graph", (route) => route.fulfill({ json: graphOf(120) }));
  await open(chat, "graph");
  await expect(page.locator(".node")).toHaveCount(60);
  await expect(page.getByText("60 more are not drawn.")).toBeVisible();
  await expectAccessible(page);
  const far = page.getByRole("button", { name: /^Thing number 54,/ });
  await far.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Thing number 54" })).toBeVisible();
  await expect(far).toBeInViewport({ ratio: 0.95 }); // a part of a pixel may lie outside
  await page.getByLabel("Show").selectOption({ label: "Around Thing number 100" });
  await expect(page.getByRole("button", { name: /^Thing number 100,/ })).toBeVisible();
});

test("what is recalled is searched, left out and used again", async ({ chat }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  await remembered(chat, 1);
  await open(chat, "conversations");
  await page.getByRole("textbox", { name: "Search in conversations" }).fill("whale");
  await expect(page.getByText("No conversations with “whale” are known.")).toBeVisible();
  await page.getByRole("textbox", { name: "Search in conversations" }).fill("keller");
  await page.getByRole("button", { name: /^Don’t use again/ }).click();
  const again = page.getByRole("button", { name: /^Use again:/ });
  await expect(again).toBeVisible();
  await expectAccessible(page);
  await again.click();
  await page.getByRole("button", { name: /^Don’t use again/ }).click();
  await page.getByRole("button", { name: "Use again the one" }).click();
  await remembered(chat, 1);
  await page.reload();
  await page.getByRole("link", { name: SAID }).click();
  await expect(page.locator("article.user")).toContainText(SAID);
});

test("a temporary chat offers no memory, and who keeps it keeps the place", async ({ chat }) => {
  const { page } = chat;
  const memory = page.getByRole("button", { name: /^In this conversation: Memory/ });
  await chat.useModel("echo");
  await expect(memory).toBeVisible();
  await page.getByRole("button", { name: "Temporary" }).click();
  await expect(memory).toBeHidden();
  await chat.ask("between us");
  await chat.finished();
  await expect(memory).toBeHidden();
  await page.getByRole("button", { name: "Temporary: keep it" }).press("Enter");
  await expect(memory).toContainText("Memory off");
  await expect(page.locator("article.last")).toBeFocused();
});

test("off for a conversation, it has no chips and says so", async ({ chat }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  await remembered(chat, 1);
  await page.goto(chat.appliance.address);
  await chat.useModel("say?tokens=20&rate=0");
  const picker = page.getByRole("button", { name: /^In this conversation: Memory/ });
  await expect(picker).toContainText("Memory on");
  await picker.press("Enter");
  await expectAccessible(page);
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(picker).toContainText("Memory off");
  await expect(picker).toBeFocused();
  await chat.ask(QUESTION);
  await chat.finished();
  await expect(page.getByRole("link", { name: /^Remembered:/ })).toHaveCount(0);
  await page.reload();
  await expect(picker).toContainText("Memory off");
  await picker.click();
  await page.getByRole("checkbox", { name: /^Remember this conversation/ }).check();
  await page.keyboard.press("Escape");
  await chat.ask(QUESTION);
  await chat.finished();
  await expect(page.getByRole("link", { name: /^Remembered:/ })).toHaveCount(1);
});

test("the one switch is off everywhere, and everything can be forgotten", async ({ chat }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  await page.goto(`${chat.appliance.address}/settings`);
  await page.getByRole("link", { name: "See and change what is remembered" }).click();
  const box = page.getByRole("checkbox", { name: "Remember what I say" });
  await box.uncheck();
  await expect(page.getByText("Off: nothing is looked up")).toBeVisible();
  await expect(row(page, "You live in Bern")).toBeVisible();
  await page.getByRole("button", { name: "Forget everything…" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Forget", exact: true }).click();
  await expect(page.getByText("Nothing is known yet")).toBeVisible();
  await expectAccessible(page);
  await page.goto(chat.appliance.address);
  await expect(page.getByRole("combobox", { name: "Model" })).toBeVisible();
  await expect(page.getByTitle("Memory in this conversation")).toHaveCount(0);
});

test("without a connection memory says so and loses nothing", async ({ chat, context }) => {
  const { page } = chat;
  await say(chat, SAID, 3);
  await open(chat);
  await expect(row(page, "You live in Bern")).toBeVisible();
  await context.setOffline(true);
  await choose(page, "You live in Bern", "Pin");
  await expect(page.getByRole("alert")).toContainText("cannot be reached");
  await page.getByRole("link", { name: "Conversations" }).click();
  await expect(page.getByRole("alert").first()).toContainText("could not be read");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("link", { name: "Facts", exact: true }).click();
  await expect(row(page, "You live in Bern")).toBeVisible();
});

test("long words fit a phone, and what is touched is large enough", async ({ chat }) => {
  const { page } = chat;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.route("**/api/facts/graph", (route) => route.fulfill({ json: graphOf(30) }));
  await serveFacts(page, [
    fact(1, "x".repeat(300), { status: "suggested" }),
    fact(2, `${entity(6).name} ${"y".repeat(200)}`, { subject: entity(6) }),
  ]);
  for (const view of ["", "graph", "conversations"]) {
    await open(chat, view);
    await expect(page.locator(".buttons, .drawing, .known section").first()).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, view).toBeLessThanOrEqual(390);
    const small = await page
      .locator("main :is(button, .button, .nav-link):visible")
      .evaluateAll((all) =>
        all
          .map((one) => ({ name: one.textContent, ...one.getBoundingClientRect().toJSON() }))
          .filter(({ width, height }) => width < 44 || height < 44)
          .map(({ name }) => name),
      );
    expect(small, view).toEqual([]);
  }
});
