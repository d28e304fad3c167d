// Who may come in, and what was done: invitations, accounts of others, the audit trail.
import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

const PASSWORD = "another quiet harbour";

async function invite(page: Page, address: string, note: string): Promise<string> {
  await page.goto(`${address}/settings/people`);
  await page.getByRole("button", { name: "Invite somebody" }).click();
  await page.getByLabel("For whom").fill(note);
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByRole("dialog").locator("code").innerText();
  await page.getByRole("button", { name: "Done" }).click();
  return link;
}

/** Somebody else, at a device of their own. */
async function elsewhere(browser: Browser, link: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(link);
  return page;
}

async function join(page: Page, name: string) {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
}

test("who opens an invitation chooses a name and is in, and the owner sees it", async ({
  chat,
  browser,
}) => {
  const { page, appliance } = chat;
  const link = await invite(page, appliance.address, "for Ben");
  await expect(page.getByText("for Ben")).toBeVisible();
  await expectAccessible(page);

  const ben = await elsewhere(browser, link);
  await expect(ben.getByRole("heading", { name: "You are invited" })).toBeVisible();
  expect(ben.url()).not.toContain("invite");
  await expectAccessible(ben);
  await join(ben, "Ben");
  await ben.goto(`${appliance.address}/settings`);
  await expect(ben.getByRole("link", { name: /Invite people/ })).toHaveCount(0);
  await ben.goto(`${appliance.address}/settings/people`);
  await expect(ben.getByText("Only owners and administrators see this.")).toBeVisible();

  await page.reload();
  await expect(page.getByText("for Ben")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "More for Ben", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "What was done" }).click();
  await expect(
    page.getByRole("listitem").filter({ hasText: "came in by an invitation" }),
  ).toContainText("Ben");
  await ben.context().close();
});

test("who is locked out is out, and back in when let in again", async ({ chat, browser }) => {
  const { page, appliance } = chat;
  const eve = await elsewhere(browser, await invite(page, appliance.address, ""));
  await join(eve, "Eve");
  await page.reload();
  await page.getByRole("button", { name: "More for Eve", exact: true }).click();
  await page.getByRole("menuitem", { name: "Lock out" }).click();
  await page.getByRole("button", { name: "Lock out", exact: true }).click();
  await expect(page.getByText("Locked out", { exact: true })).toBeVisible();
  expect((await eve.request.get(`${appliance.address}/api/auth/me`)).status()).toBe(401);

  await page.getByRole("button", { name: "More for Eve", exact: true }).click();
  await page.getByRole("menuitem", { name: "Let in again" }).click();
  await expect(page.getByText("Locked out", { exact: true })).toHaveCount(0);
  const login = { data: { email: "eve", password: PASSWORD } };
  expect((await eve.request.post(`${appliance.address}/api/auth/login`, login)).status()).toBe(200);
  await eve.context().close();
});

test("a link for a new password sets it", async ({ chat, browser }) => {
  const { page, appliance } = chat;
  const kim = await elsewhere(browser, await invite(page, appliance.address, ""));
  await join(kim, "Kim");
  await page.reload();
  await page.getByRole("button", { name: "More for Kim", exact: true }).click();
  await page.getByRole("menuitem", { name: "Link for a new password" }).click();
  const link = await page.getByRole("dialog").locator("code").innerText();

  const again = await elsewhere(browser, link);
  await expect(again.getByText("For the account Kim.")).toBeVisible();
  await again.getByLabel("Password").fill("a third quiet harbour");
  await again.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(again.getByRole("textbox", { name: "Message" })).toBeVisible();
  expect((await kim.request.get(`${appliance.address}/api/auth/me`)).status()).toBe(401);
  await kim.context().close();
  await again.context().close();
});

test("a link that was withdrawn says what to do", async ({ chat, browser }) => {
  const { page, appliance } = chat;
  const link = await invite(page, appliance.address, "for Zoe");
  await page.getByRole("button", { name: "Withdraw: for Zoe" }).click();
  await expect(page.getByText("for Zoe")).toHaveCount(0);
  const zoe = await elsewhere(browser, link);
  await expect(zoe.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await expect(zoe.getByRole("alert")).toContainText("ask for a new one");
  await zoe.getByRole("button", { name: "Go to the sign-in page" }).click();
  await expect(zoe.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await zoe.context().close();
});

test("the trail can be checked", async ({ chat }) => {
  const { page, appliance } = chat;
  await page.goto(`${appliance.address}/settings/audit`);
  await page.getByRole("button", { name: "Check the trail" }).click();
  await expect(page.getByText("Every entry is as it was written.")).toBeVisible();
  await page.getByLabel("Show").selectOption({ label: "Accounts and invitations" });
  await expect(page.locator(".trail").getByText("signed in")).toHaveCount(0);
});
