// Shortcuts, the sheet that lists them, and finding within a conversation.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, NAME, PASSWORD, test } from "./fixtures";

const ready = (page: Page) => page.waitForLoadState("networkidle");
const sheet = (page: Page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });

test("the sheet opens by its keys, and not by a question mark that is written", async ({
  chat,
}) => {
  const { page } = chat;
  await ready(page);
  await chat.box.pressSequentially("why?");
  await expect(chat.box).toHaveValue("why?");
  await expect(sheet(page)).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+/");
  await expect(sheet(page)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(chat.box).toBeFocused();
  await page.locator("#main").focus();
  await page.keyboard.press("?");
  await expect(sheet(page)).toBeVisible();
});

test("keys are chosen anew, conflicts are explained, and it is kept", async ({ chat }) => {
  const { page } = chat;
  await ready(page);
  await page.keyboard.press("ControlOrMeta+/");
  const change = page.getByRole("button", { name: "Change Settings" });
  await change.click();
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("alert")).toContainText("Search everything");
  await page.keyboard.press("Alt+s");
  await expect(change).toBeFocused();
  await page.keyboard.press("Escape");
  await page.reload();
  await ready(page);
  await page.keyboard.press("Alt+s");
  await expect(page).toHaveURL(/\/settings$/);
  await page.keyboard.press("ControlOrMeta+/");
  await page.getByRole("button", { name: "Reset Settings" }).click();
  await expect(page.getByRole("button", { name: "Reset Settings" })).toHaveCount(0);
});

test("by keys alone: through the conversations, the sidebar away and back, a new chat", async ({
  chat,
}) => {
  const { page } = chat;
  for (const title of ["Key one", "Key two"]) {
    await page.request.post(`${chat.appliance.address}/api/conversations`, { data: { title } });
  }
  await page.reload();
  await ready(page);
  const heading = page.getByRole("heading", { level: 1 });
  await page.keyboard.press("Alt+j");
  await expect(heading).toHaveText("Key two");
  await page.keyboard.press("Alt+j");
  await expect(heading).toHaveText("Key one");
  await page.keyboard.press("Alt+k");
  await expect(heading).toHaveText("Key two");
  await page.keyboard.press("ControlOrMeta+b");
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await page.reload();
  await ready(page);
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await page.getByRole("button", { name: "Conversations" }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+Shift+o");
  await expect(chat.box).toBeFocused();
  await expect(heading).toHaveText("New chat");
});

test("what can be done is in the palette, and what is found late moves nothing", async ({
  chat,
}) => {
  const { page } = chat;
  await page.request.post(`${chat.appliance.address}/api/conversations`, {
    data: { title: "Sidebar of the harbour" },
  });
  await ready(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/conversations?words=*", async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Search conversations" }).fill("sidebar");
  const act = page.getByRole("option", { name: "Show or hide the sidebar" });
  await expect(act).toHaveAttribute("aria-selected", "true");
  release();
  await expect(page.getByRole("option", { name: "Sidebar of the harbour" })).toBeVisible();
  await expect(act).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation")).toHaveCount(0);
});

async function long(chat: import("./fixtures").Chat, count: number) {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("the needle lies at the beginning");
  await chat.finished();
  const conversation_id = new URL(page.url()).pathname.replace("/c/", "");
  for (let i = 1; i < count; i++) {
    await page.request.post(`${chat.appliance.address}/api/chat`, {
      headers: { Accept: "text/event-stream" },
      data: { conversation_id, content: `hay ${i}`, model: "box/echo" },
    });
  }
  await page.reload();
  await expect(chat.lastAnswer).toHaveText(`hay ${count - 1}`);
}

test("what stands far above is found, read and marked", async ({ chat }) => {
  const { page } = chat;
  await long(chat, 40);
  await expect(page.locator(".older")).toBeAttached();
  await ready(page);
  await page.keyboard.press("ControlOrMeta+f");
  const field = page.getByRole("textbox", { name: "Find in this conversation" });
  await expect(field).toBeFocused();
  await field.fill("needle LIES");
  await expect(page.locator(".find-bar", { hasText: "2 of 2" })).toBeVisible();
  const marked = () =>
    page.evaluate(() => [...(CSS.highlights.get("found-now") ?? [])].map((range) => String(range)));
  await expect.poll(marked).toEqual(["needle lies"]);
  await expect(page.locator("article").nth(1)).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator(".find-bar", { hasText: "1 of 2" })).toBeVisible();
  await page.keyboard.press("Shift+Enter");
  await expect(page.locator(".find-bar", { hasText: "2 of 2" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.locator("article").nth(1)).toBeFocused();
  expect(await page.evaluate(() => CSS.highlights.get("found-now")!.size)).toBe(0);
});

test("where all is on the page, finding is left to the browser", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("short");
  await chat.finished();
  await ready(page);
  const prevented = await page.evaluate(
    () =>
      !document.dispatchEvent(
        new KeyboardEvent("keydown", {
          key: "f",
          code: "KeyF",
          ctrlKey: true,
          bubbles: true,
          cancelable: true,
        }),
      ),
  );
  expect(prevented).toBe(false);
  await page.getByRole("button", { name: "Find in this conversation" }).click();
  await expect(page.getByRole("textbox", { name: "Find in this conversation" })).toBeFocused();
});

test("a failure away from the chat is said, and can be tried again", async ({ chat }) => {
  const { page } = chat;
  await page.request.post(`${chat.appliance.address}/api/conversations`, {
    data: { title: "Stubborn" },
  });
  await page.goto(`${chat.appliance.address}/library`);
  let works = false;
  await page.route("**/api/conversations", (route) =>
    works || route.request().method() !== "PATCH" ? route.continue() : route.abort(),
  );
  await page.getByRole("button", { name: "More for Stubborn" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("cannot be reached");
  works = true;
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: "Stubborn" })).toHaveCount(0);
  await expect(alert).toHaveCount(0);
});

test("a draft outlives the end of the session, also when the list asks first", async ({ chat }) => {
  const { page } = chat;
  await page.request.post(`${chat.appliance.address}/api/conversations`, {
    data: { title: "To pin" },
  });
  await page.reload();
  await chat.box.fill("half a thought");
  // In use: what a page asks for while it starts is answered.
  await page.waitForLoadState("networkidle");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "More for To pin" }).click();
  await page.getByRole("menuitem", { name: "Pin", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Please sign in again" });
  await expect(dialog.getByLabel("Name")).toHaveValue(NAME);
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(chat.box).toHaveValue("half a thought");
  await expect(page.getByRole("link", { name: "To pin" })).toBeVisible();
  await chat.box.press("End");
  await chat.box.pressSequentially(", and the rest");
  await expect(chat.box).toHaveValue("half a thought, and the rest");
});
