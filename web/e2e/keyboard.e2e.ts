// From the setup link to signing out, without a pointer once.
import type { Page } from "@playwright/test";
import { startServer, temporaryFolder } from "./appliance";
import { text } from "./files";
import { Chat, expect, test } from "./fixtures";
import { expectFocus, focused, press, round } from "./walk";

async function signUp(page: Page, address: string): Promise<Chat> {
  const keys = page.keyboard;
  await page.goto(address);
  await expectFocus(page, 'textbox "Your name"');
  await keys.type("Ada");
  await press(page, "Tab", 'textbox "Password"', 1);
  await keys.type("short");
  await press(page, "Tab", 'button "Create account"', 1);
  await keys.press("Space");
  await expectFocus(page, 'textbox "Password"');
  await keys.type(" no longer");
  await keys.press("Enter");
  await expectFocus(page, 'textbox "Message"');
  return new Chat(page, { address: new URL(address).origin, endpoint: "" });
}

async function ask(chat: Chat) {
  const { page } = chat;
  const keys = page.keyboard;
  await press(page, "Tab", 'combobox "Model"');
  await keys.press("End");
  await expect(page.getByRole("combobox", { name: "Model" })).toHaveValue(/echo/);
  await press(page, "Shift+Tab", 'textbox "Message"');
  const lines = Array.from({ length: 60 }, (_, at) => `line ${at}`);
  for (const line of lines.slice(0, 3)) {
    await keys.type(line);
    await keys.press("Shift+Enter");
  }
  await keys.insertText(lines.slice(3).join("\n\n"));
  await keys.press("Enter");
  await expect(chat.stopButton).toBeVisible();
  await expectFocus(page, 'textbox "Message"');
  await press(page, "Tab", 'button "Stop"', 12);
  await press(page, "Shift+Tab", 'textbox "Message"', 12);
  await chat.finished();
  await expectFocus(page, 'textbox "Message"');
}

/** Its buttons stand at its end; from there the keys scroll. */
async function readAndCopy(chat: Chat) {
  const { page } = chat;
  await press(page, "Shift+Tab", 'button "Copy answer"', 12);
  const top = () => page.locator(".messages").evaluate((box) => box.scrollTop);
  const end = await top();
  expect(end).toBeGreaterThan(0);
  await page.keyboard.press("PageUp");
  await expect.poll(top).toBeLessThan(end);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Copied", { exact: true })).toBeAttached();
  await expectFocus(page, 'button "Copy answer"');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("line 59");
}

async function upload(page: Page) {
  const keys = page.keyboard;
  await press(page, "Shift+Tab", 'link "Library"');
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "All documents" })).toBeVisible();
  const choosing = page.waitForEvent("filechooser");
  await press(page, "Tab", 'button "Add files"');
  await keys.press("Enter");
  await (await choosing).setFiles([text("keys.txt", "A note about keys.")]);
  await expect(page.getByRole("link", { name: "keys.txt" })).toBeVisible({ timeout: 30_000 });
  await expectFocus(page, 'button "Add files"');
  await press(page, "Tab", 'link "keys.txt"', 12);
  await keys.press("Enter");
  await expect(page.getByText("A note about keys.")).toBeVisible();
  expect(await focused(page)).toMatch(/^(main|heading)/);
  await keys.press("Tab");
  expect(await page.evaluate(() => !!document.activeElement?.closest("main"))).toBe(true);
}

async function change(page: Page) {
  const keys = page.keyboard;
  const look = () =>
    page.evaluate(() => {
      const { backgroundColor, fontSize } = getComputedStyle(document.documentElement);
      return { backgroundColor, fontSize };
    });
  await press(page, "Shift+Tab", 'link "Settings of Ada"');
  await keys.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  const before = await look();
  await press(page, "Tab", 'radio "Like this device"');
  await keys.press("ArrowUp");
  await expectFocus(page, 'radio "Dark"');
  await expect.poll(async () => (await look()).backgroundColor).not.toBe(before.backgroundColor);
  const groups = await press(page, "Tab", 'radio "Normal"', 1); // of the contrast
  expect(groups).toHaveLength(1);
  await press(page, "Tab", 'radio "Normal"', 1); // of the text size
  await keys.press("ArrowDown");
  await expectFocus(page, 'radio "Large"');
  await expect.poll(async () => (await look()).fontSize).not.toBe(before.fontSize);
}

test("by keys alone: sign up, ask, read, copy, upload, change the look, sign out", async ({
  page,
  appliance,
  context,
}) => {
  test.setTimeout(120_000);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path, endpoint: appliance.endpoint });
  try {
    const chat = await signUp(page, server.found);
    await ask(chat);
    await readAndCopy(chat);
    await upload(page);
    await change(page);
    await press(page, "Tab", 'button "Sign out"');
    await page.keyboard.press("Enter");
    await expectFocus(page, 'textbox "Name"');
  } finally {
    await server.stop();
    folder.remove();
  }
});

for (const path of ["/", "/library", "/settings", "/settings/people"]) {
  test(`the Tab key goes around ${path} and back the same way, and stops at nothing twice`, async ({
    chat,
  }) => {
    const { page } = chat;
    await page.goto(`${chat.appliance.address}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    const there = await round(page);
    const back = await round(page, "Shift+Tab");
    const stops = (way: string[]) => way.slice(0, -1).filter((one) => one !== "nothing");
    expect(stops(back)).toEqual(stops(there).reverse());
  });
}

test("a dialog keeps the Tab key, and Escape leads back", async ({ chat }) => {
  const { page } = chat;
  await page.goto(`${chat.appliance.address}/settings/people`);
  await page.waitForLoadState("networkidle");
  await press(page, "Tab", 'button "Invite somebody"');
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press("Tab");
    // Between its last and its first the browser's own controls have their turn.
    const away = () => !document.activeElement!.matches("body, dialog *");
    expect(await page.evaluate(away)).toBe(false);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expectFocus(page, 'button "Invite somebody"');
});
