// Two people: what one shares the other reads, changes nothing of, and has no more once it is not shared.
import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, test, type Chat } from "./fixtures";

const PASSWORD = "another quiet harbour";

/** Somebody else at a device of their own, made by the owner who is signed in on that page. */
async function somebody(page: Page, browser: Browser, address: string, name: string) {
  const made = await page.request.post(`${address}/api/people`, {
    data: { name, password: PASSWORD },
  });
  expect(made.status()).toBe(201);
  const other = await (await browser.newContext()).newPage();
  const data = { email: name, password: PASSWORD };
  await other.request.post(`${address}/api/auth/login`, { data });
  return other;
}

async function share(page: Page, name: string) {
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Only you.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Find people and groups" }).fill(name);
  await dialog.getByRole("button", { name: `Share with ${name}`, exact: true }).click();
  await expect(
    dialog.getByRole("button", { name: `Stop sharing with ${name}`, exact: true }),
  ).toBeVisible();
}

const done = (page: Page) => page.getByRole("button", { name: "Done" }).click();

async function talkAbout(chat: Chat, words: string) {
  await chat.ask(words);
  await chat.finished();
  return new URL(chat.page.url()).pathname.replace("/c/", "");
}

test("a conversation is shared, read, not written to, and gone at once when it is not shared", async ({
  chat,
  browser,
}) => {
  const { page, appliance } = chat;
  const bea = await somebody(page, browser, appliance.address, "Bea");
  const id = await talkAbout(chat, "Where are the harbours?");

  await page.getByRole("button", { name: "More for Where are the harbours?" }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  await share(page, "Bea");
  await expectAccessible(page);

  await bea.goto(appliance.address);
  await bea.getByRole("link", { name: "Shared with you" }).click();
  await expect(bea.getByText("By Ada")).toBeVisible();
  await expectAccessible(bea);
  await bea.getByRole("link", { name: "Where are the harbours?" }).click();
  await expect(bea.locator("article.user")).toHaveText(/Where are the harbours\?/);
  await expect(bea.locator("article.assistant .answer")).not.toBeEmpty();
  await expect(bea.getByText("Ada shares this with you to read")).toBeVisible();
  await expect(bea.getByRole("textbox", { name: "Message" })).toHaveCount(0);
  await expectAccessible(bea);

  const theirs = `${appliance.address}/api/conversations/${id}`;
  expect((await bea.request.get(theirs)).status()).toBe(404);
  expect((await bea.request.patch(theirs, { data: { title: "Mine" } })).status()).toBe(404);
  expect((await bea.request.delete(theirs)).status()).toBe(404);

  await page.getByRole("button", { name: "Stop sharing with Bea" }).click();
  await expect(page.getByText("Only you.")).toBeVisible();
  const read = await bea.request.get(`${appliance.address}/api/shared/conversations/${id}`);
  expect(read.status()).toBe(404);
  await expect(
    bea.getByRole("heading", { name: "This conversation is not shared with you" }),
  ).toBeVisible({ timeout: 10_000 });
  await expect(bea.locator("article")).toHaveCount(0);
  await bea.context().close();
});

test("what comes later shows, and a reader goes on in a copy of their own", async ({
  chat,
  browser,
}) => {
  const { page, appliance } = chat;
  const cem = await somebody(page, browser, appliance.address, "Cem");
  const me = await (await cem.request.get(`${appliance.address}/api/auth/me`)).json();
  const id = await talkAbout(chat, "Which ferries are there?");
  await page.request.put(`${appliance.address}/api/sharing/${id}/${me.id}`);

  await cem.goto(`${appliance.address}/shared/${id}`);
  await expect(cem.locator("article")).toHaveCount(2);
  await talkAbout(chat, "And on Sundays?");
  await expect(cem.locator("article")).toHaveCount(4, { timeout: 15_000 });

  await cem.getByRole("button", { name: "Continue in a copy" }).click();
  await expect(cem).toHaveURL(/\/c\//);
  await expect(cem).not.toHaveURL(new RegExp(id));
  // Nothing is sent before the conversation is read.
  await expect(cem.getByRole("button", { name: "Regenerate" })).not.toHaveCount(0);
  const box = cem.getByRole("textbox", { name: "Message", exact: true });
  await box.fill("And at night?");
  await box.press("Enter");
  // What is far from the view is not drawn.
  await expect(cem.locator("article.user").last()).toContainText("And at night?");
  await expect(page.getByText("And at night?")).toHaveCount(0);
  await cem.context().close();
});

test("a collection and a persona are shared with a group that an owner makes", async ({
  chat,
  browser,
}) => {
  const { page, appliance } = chat;
  const dora = await somebody(page, browser, appliance.address, "Dora");

  await page.goto(`${appliance.address}/settings/people`);
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Crew");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Members of Crew" }).click();
  await page.getByRole("checkbox", { name: "Dora" }).check();
  await expectAccessible(page);
  await done(page);
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();

  const made = await page.request.post(`${appliance.address}/api/collections`, {
    data: { name: "Charts" },
  });
  const { id } = await made.json();
  await page.request.post(`${appliance.address}/api/documents`, {
    multipart: {
      collection_id: id,
      file: { name: "tide.txt", mimeType: "text/plain", buffer: Buffer.from("High tide at nine.") },
    },
  });
  await page.goto(`${appliance.address}/library?collection=${id}`);
  await expect(page.getByRole("link", { name: "tide.txt" })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "More for Charts", exact: true }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  await share(page, "Crew");
  await done(page);

  await page.request.post(`${appliance.address}/api/personas`, { data: { name: "Pilot" } });
  await page.goto(`${appliance.address}/settings/personas`);
  await page.getByRole("button", { name: "More for Pilot" }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  await share(page, "Crew");
  await done(page);

  await dora.goto(`${appliance.address}/library`);
  await dora.getByRole("link", { name: "Charts" }).click();
  await expect(dora.getByRole("heading", { name: "Charts" })).toContainText("By Ada");
  await expect(dora.getByRole("button", { name: "Add files" })).toHaveCount(0);
  await expectAccessible(dora);
  await dora.getByRole("button", { name: "More for tide.txt" }).click();
  await expect(dora.getByRole("menuitem", { name: "Delete" })).toHaveCount(0);
  await dora.keyboard.press("Escape");
  await dora.getByRole("link", { name: "tide.txt" }).click();
  await expect(dora.getByText("High tide at nine.")).toBeVisible();

  await dora.goto(`${appliance.address}/settings/personas`);
  await expect(dora.getByRole("listitem").filter({ hasText: "Pilot" })).toContainText("By Ada");
  await expect(dora.getByRole("button", { name: "Edit Pilot" })).toHaveCount(0);

  await page.goto(`${appliance.address}/settings/people`);
  await page.getByRole("button", { name: "More for Crew" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await dora.goto(`${appliance.address}/library?collection=${id}`);
  await expect(dora.getByRole("heading", { name: "This collection does not exist" })).toBeVisible();
  await dora.context().close();
});
