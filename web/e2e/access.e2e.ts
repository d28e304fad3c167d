import type { Page } from "@playwright/test";
import { startServer, temporaryFolder } from "./appliance";
import { expectAccessible } from "./axe";
import { Chat, expect, test } from "./fixtures";

const RICH =
  "# Title\n\nText with `code`, a [link](https://example.org).\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n- [x] task\n\n```python\nprint('hello')  # comment\n```";

test("no grave finding before signing in", async ({ page, appliance }) => {
  await page.goto(appliance.address);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expectAccessible(page);
});

test("no grave finding on setup", async ({ page, appliance }) => {
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path, endpoint: appliance.endpoint });
  await page.goto(server.found);
  await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
  await expectAccessible(page);
  await server.stop();
  folder.remove();
});

test("no grave finding in chat and settings", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await expectAccessible(page);
  await chat.ask(RICH);
  await chat.finished();
  await expect(page.locator(".hljs-string")).toBeVisible();
  await page.getByRole("button", { name: "Details" }).click();
  await expectAccessible(page);
  await page
    .getByRole("button", { name: /^More for/ })
    .first()
    .click();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.goto(`${chat.appliance.address}/settings`);
  await expect(page.getByText("This one")).toBeVisible();
  await expectAccessible(page);
});

test("a failed answer and a stopped one have no grave finding", async ({ chat }) => {
  await chat.useModel("fault?kind=http-401");
  await chat.ask("Fail");
  await chat.finished();
  await expectAccessible(chat.page);
  await chat.useModel("say?tokens=500&rate=50");
  await chat.ask("Go on");
  await expect(chat.lastAnswer).toContainText(/\w/);
  await chat.stopButton.click();
  await expect(chat.page.getByText("You stopped this answer.")).toBeVisible();
  await expectAccessible(chat.page);
});

test("the way back from deleting, and asking to sign in again, have no grave finding", async ({
  chat,
}) => {
  const { page } = chat;
  await chat.useModel("say?tokens=5");
  await chat.ask("To be deleted");
  await chat.finished();
  await page.getByRole("button", { name: "More for To be deleted" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await expectAccessible(page);
  await page.context().clearCookies();
  await chat.ask("Am I still here?");
  await expect(page.getByRole("dialog", { name: "Please sign in again" })).toBeVisible();
  await expectAccessible(page);
});

test("by keyboard alone: sign up, ask, stop, rename", async ({ page, appliance }) => {
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path, endpoint: appliance.endpoint });
  const keys = page.keyboard;
  try {
    await page.goto(server.found);
    await expect(page.getByLabel("Your name")).toBeFocused();
    await keys.type("Ada");
    await keys.press("Tab");
    await keys.type("a quiet harbour");
    await keys.press("Enter");

    const chat = new Chat(page, { address: new URL(server.found).origin, endpoint: "" });
    await expect(chat.box).toBeFocused();
    await keys.type("Talk to me");
    await keys.press("Shift+Enter");
    await keys.type("for long");
    await expect(chat.box).toHaveValue("Talk to me\nfor long");
    await keys.press("Enter");
    await expect(chat.stopButton).toBeVisible();
    await press(page, "Tab", "Stop");
    await keys.press("Enter");
    await chat.finished();

    await press(page, "Shift+Tab", "Skip to content");
    await press(page, "Tab", "More for");
    await keys.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
    await keys.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: "Pin" })).toBeFocused();
    await keys.press("Escape");
    expect(await focused(page)).toContain("More for");
    await keys.press("Enter");
    await keys.press("Enter");
    await keys.type("Renamed by keys");
    await keys.press("Enter");
    await expect(page.getByRole("link", { name: "Renamed by keys" })).toBeFocused();
    await keys.press("Tab");
    await keys.press("Enter");
    await keys.press("End");
    await keys.press("Enter");
    await expect(chat.box).toBeFocused();
    await press(page, "Shift+Tab", "Undo");
    await keys.press("Enter");
    await expect(page.getByRole("link", { name: "Renamed by keys" })).toBeFocused();
  } finally {
    await server.stop();
    folder.remove();
  }
});

/** Moves the focus until it is on what has this label or text. */
async function press(page: Page, key: string, until: string) {
  for (let i = 0; i < 20 && !(await focused(page)).includes(until); i++) {
    await page.keyboard.press(key);
  }
  expect(await focused(page)).toContain(until);
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement!;
    if (element === document.body) return "nothing";
    return `${element.getAttribute("aria-label") ?? ""} ${element.textContent}`;
  });

test("finished sentences are announced, not the whole log", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo?rate=20");
  await page.evaluate(() => {
    const heard: string[] = [];
    const region = document.querySelector("[role=status]")!;
    new MutationObserver(() => heard.push(region.textContent ?? "")).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    Reflect.set(window, "heard", heard);
  });
  await chat.ask("First sentence here. Second sentence here. Last words");
  await chat.finished();
  expect(await page.evaluate(() => Reflect.get(window, "heard"))).toEqual([
    "Waiting for the model",
    "First sentence here.",
    "Second sentence here.",
    "Last words Answer complete",
  ]);
});

test("on a phone the conversations are a drawer", async ({ chat }) => {
  const { page } = chat;
  await page.setViewportSize({ width: 390, height: 844 });
  await chat.useModel("echo");
  await chat.ask(
    `A phone ${"x".repeat(300)} and a table\n\n| a | b |\n|--|--|\n| ${"y".repeat(80)} | 2 |`,
  );
  await chat.finished();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  const open = page.getByRole("button", { name: "Conversations" });
  await open.click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("link", { name: /^A phone/ })).toBeVisible();
  for (let i = 0; i < 12; i++) await page.keyboard.press("Tab");
  expect(await page.evaluate(() => !!document.activeElement?.closest("main"))).toBe(false);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(open).toBeFocused();
  await open.click();
  await drawer.getByRole("link", { name: "New chat" }).click();
  await expect(drawer).toHaveCount(0);
  await expect(page.getByRole("heading", { name: /^Hello/ })).toBeVisible();
});

test("high contrast and large text have no grave finding, and stay", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("say?tokens=20");
  await chat.ask("How does this look?");
  await chat.finished();
  const conversation = page.url();
  await page.goto(`${chat.appliance.address}/settings`);
  await page.getByRole("group", { name: "Contrast" }).getByLabel("High").check();
  await page.getByRole("group", { name: "Text size" }).getByLabel("Larger").check();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(conversation);
  await expect(chat.lastAnswer).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe(
    "21px",
  );
  const overflows = () => document.documentElement.scrollWidth > innerWidth;
  expect(await page.evaluate(overflows)).toBe(false);
});
