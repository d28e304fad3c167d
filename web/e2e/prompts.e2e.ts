// The prompt library: written in the settings, chosen behind a slash.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, test, type Chat } from "./fixtures";

const menu = (page: Page) => page.getByRole("listbox", { name: "Prompts" });
const area = (page: Page) => page.locator(".composer textarea");

async function library(chat: Chat, prompts: { name: string; text: string }[]) {
  const path = `${chat.appliance.address}/api/prompts`;
  for (const old of await (await chat.page.request.get(path)).json())
    await chat.page.request.delete(`${path}/${old.id}`);
  for (const data of prompts) await chat.page.request.post(path, { data });
}

test("a prompt is written, changed, deleted and brought back", async ({ chat }) => {
  const { page } = chat;
  await library(chat, []);
  await page.goto(`${chat.appliance.address}/settings/prompts`);
  await expect(page.getByText("None yet.")).toBeVisible();
  await page.getByRole("button", { name: "New prompt" }).click();
  await page.getByLabel("Name").fill("Minutes");
  await page.getByLabel("Text").fill("Minutes of {{meeting}}, {{date}}");
  await expect(page.getByText("Asked for: meeting")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Minutes of {{meeting}}, {{date}}")).toBeVisible();
  await page.getByRole("button", { name: "Edit Minutes" }).click();
  await page.getByLabel("Name").fill("Short minutes");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Delete Short minutes" }).click();
  await expect(page.getByText("Short minutes deleted")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Edit Short minutes" })).toBeVisible();
});

test("a slash offers the prompts, and Enter puts one into the message", async ({ chat }) => {
  const { page } = chat;
  await library(chat, [
    { name: "Agenda", text: "Write an agenda for {{user}}." },
    { name: "Minutes", text: "Write the minutes." },
  ]);
  await chat.box.press("/");
  await expect(menu(page).getByRole("option")).toHaveCount(3);
  await expectAccessible(page);
  await area(page).press("ArrowDown");
  await expect(menu(page).getByRole("option", { name: "Minutes" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.type("age");
  await expect(menu(page).getByRole("option")).toHaveCount(1);
  await area(page).press("Enter");
  await expect(chat.box).toHaveValue("Write an agenda for Ada.");
  await expect(menu(page)).toHaveCount(0);
  await expect(page.locator("article")).toHaveCount(0);
  await chat.box.press("Control+z");
  await expect(area(page)).toHaveValue("/age");
});

test("what a prompt leaves open is asked for", async ({ chat }) => {
  const { page } = chat;
  await library(chat, [{ name: "Reply", text: "Reply to {{whom}}, {{tone}}. {{whom}}!" }]);
  await chat.box.pressSequentially("/rep");
  await expect(menu(page).getByRole("option")).toHaveCount(1);
  await area(page).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Reply" });
  await dialog.getByRole("textbox", { name: "whom" }).fill("Ben");
  await expectAccessible(page);
  await dialog.getByRole("textbox", { name: "tone" }).fill("kindly");
  await dialog.getByRole("textbox", { name: "tone" }).press("Enter");
  await expect(chat.box).toHaveValue("Reply to Ben, kindly. Ben!");
  await expect(chat.box).toBeFocused();
});

test("Escape leaves a slash a slash, and Enter sends it", async ({ chat }) => {
  const { page } = chat;
  await library(chat, [{ name: "Help", text: "Help me." }]);
  await chat.box.press("/");
  await expect(menu(page)).toBeVisible();
  await area(page).press("Escape");
  await expect(menu(page)).toHaveCount(0);
  await page.keyboard.type("he");
  await expect(menu(page)).toHaveCount(0);
  await chat.box.press("Enter");
  await expect(page.locator("article.user")).toHaveText(/\/he/);
});
