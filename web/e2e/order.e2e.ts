import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

async function menu(page: Page, title: string, item: string) {
  await page.getByRole("button", { name: `More for ${title}` }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Conversations by their titles, the last one newest. */
async function list(page: Page, address: string, titles: string[]) {
  for (const title of titles) {
    await page.request.post(`${address}/api/conversations`, { data: { title } });
  }
  await page.reload();
}

const link = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("link", { name, exact: true });

test("what was deleted comes back with Undo", async ({ chat }) => {
  const { page } = chat;
  await list(page, chat.appliance.address, ["Harbour plans"]);
  await menu(page, "Harbour plans", "Delete");
  await expect(link(page, "Harbour plans")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(link(page, "Harbour plans")).toBeFocused();
});

test("the trash gives back, and deletes for good", async ({ chat }) => {
  const { page } = chat;
  await list(page, chat.appliance.address, ["To keep", "To lose"]);
  await menu(page, "To keep", "Delete");
  await menu(page, "To lose", "Delete");
  await page.goto(`${chat.appliance.address}/settings/conversations`);
  await page.getByRole("button", { name: "Restore To keep" }).click();
  await expect(link(page, "To keep")).toBeVisible();
  await page.getByRole("button", { name: "Delete To lose for good" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("To lose")).toHaveCount(0);
  await page.reload();
  await expect(link(page, "To keep")).toBeVisible();
  await expect(page.getByText("To lose")).toHaveCount(0);
});

test("the trash is emptied at once, however much is in it", async ({ chat }) => {
  const { page } = chat;
  await list(page, chat.appliance.address, ["One", "Two"]);
  await menu(page, "One", "Delete");
  await menu(page, "Two", "Delete");
  await page.goto(`${chat.appliance.address}/settings/conversations`);
  await page.getByRole("button", { name: "Empty the trash" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Empty the trash" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Trash" })).toContainText("Nothing is here.");
});

test("an archived conversation is out of the list and on its shelf", async ({ chat }) => {
  const { page } = chat;
  await list(page, chat.appliance.address, ["Old plans"]);
  await menu(page, "Old plans", "Archive");
  await expect(link(page, "Old plans")).toHaveCount(0);
  await page.goto(`${chat.appliance.address}/settings/conversations`);
  const shelf = page.getByRole("region", { name: "Archived" });
  await expect(shelf.getByRole("link", { name: "Old plans" })).toBeVisible();
});

test("a pinned conversation stands on top, also after a reload", async ({ chat }) => {
  const { page } = chat;
  await list(page, chat.appliance.address, ["Every day", "Lately"]);
  await menu(page, "Every day", "Pin");
  const top = page.getByRole("region", { name: "Pinned" });
  await expect(top.getByRole("link", { name: "Every day" })).toBeVisible();
  await page.reload();
  await expect(top.getByRole("link", { name: "Every day" })).toBeVisible();
  await expect(link(page, "Every day")).toHaveCount(1);
  await menu(page, "Every day", "Unpin");
  await expect(top).toHaveCount(0);
});

test("a temporary chat is in no list, and is gone once it is left", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await page.getByRole("button", { name: "Temporary" }).click();
  await chat.ask("just between us");
  await chat.finished();
  const api = `${chat.appliance.address}/api${new URL(page.url()).pathname.replace("/c/", "/conversations/")}`;
  expect((await page.request.get(api)).status()).toBe(200);
  await expect(link(page, "just between us")).toHaveCount(0);
  await page.getByRole("link", { name: "New chat" }).click();
  await expect.poll(async () => (await page.request.get(api)).status()).toBe(404);
});

test("a temporary chat is gone with its page", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await page.getByRole("button", { name: "Temporary" }).click();
  await chat.ask("between us and the page");
  await chat.finished();
  const api = `${chat.appliance.address}/api${new URL(page.url()).pathname.replace("/c/", "/conversations/")}`;
  await page.goto(`${chat.appliance.address}/trust`);
  await expect.poll(async () => (await page.request.get(api)).status()).toBe(404);
});

test("a temporary chat can be kept", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await page.getByRole("button", { name: "Temporary" }).click();
  await chat.ask("worth keeping after all");
  await chat.finished();
  await page.getByRole("button", { name: "Temporary: keep it" }).click();
  await expect(link(page, "worth keeping after all")).toBeVisible();
  await page.getByRole("link", { name: "New chat" }).click();
  await page.reload();
  await expect(link(page, "worth keeping after all")).toBeVisible();
});

test("a branch is a conversation of its own", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("where it begins");
  await chat.finished();
  await chat.ask("where it goes on");
  await chat.finished();
  const before = page.url();
  await page.getByRole("button", { name: "Branch into a new conversation" }).first().click();
  await expect(page).not.toHaveURL(before);
  await expect(chat.answers).toHaveCount(1);
  await chat.ask("somewhere else");
  await chat.finished();
  await page.goto(before);
  await expect(chat.lastAnswer).toHaveText("where it goes on");
});
