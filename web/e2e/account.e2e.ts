import { expect, NAME, PASSWORD, test } from "./fixtures";

test("signing in and out", async ({ page, appliance }) => {
  await page.goto(appliance.address);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("wrong");
  await expect(page.getByLabel("Name")).toHaveValue(NAME);

  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: `Hello, ${NAME}` })).toBeVisible();

  await page.getByRole("link", { name: NAME }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("another session is listed and can be ended", async ({ chat, browser }) => {
  const other = await browser.newContext({
    userAgent: "Mozilla/5.0 (Windows NT 10.0) Firefox/150.0",
  });
  await other.request.post(`${chat.appliance.address}/api/auth/login`, {
    data: { email: NAME, password: PASSWORD },
  });
  await chat.page.goto(`${chat.appliance.address}/settings`);
  const row = chat.page.getByRole("listitem").filter({ hasText: "Firefox on Windows" });
  await row.getByRole("button").click();
  await expect(row).toHaveCount(0);
  expect((await other.request.get(`${chat.appliance.address}/api/auth/me`)).status()).toBe(401);
  await other.close();
});

test("a changed password is the one that counts", async ({ chat }) => {
  const { page } = chat;
  const change = async (from: string, to: string) => {
    await page.getByLabel("Current password").fill(from);
    await page.getByLabel("New password").fill(to);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await page.goto(`${chat.appliance.address}/settings`);
  await change("not the password", "another harbour");
  await expect(page.getByRole("alert")).toBeVisible();
  await change(PASSWORD, "another harbour");
  await expect(page.getByText("Password changed").first()).toBeVisible();
  await change("another harbour", PASSWORD);
  await expect(page.getByLabel("Current password")).toHaveValue("");
  await expect(page.getByText("Password changed").first()).toBeVisible();
});

test("a session that ends mid-use asks again and loses nothing", async ({ chat }) => {
  const { page } = chat;
  // In use: what a page asks for while it starts is answered.
  await page.waitForLoadState("networkidle");
  await page.context().clearCookies();
  await chat.ask("Do not lose this");
  const dialog = page.getByRole("dialog", { name: "Please sign in again" });
  await expect(dialog).toBeVisible();
  for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(chat.box).toHaveValue("Do not lose this");
});

test("the theme is kept, and known before the page shows", async ({ chat }) => {
  const { page } = chat;
  await page.goto(`${chat.appliance.address}/settings`);
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.getByLabel("Dark").check();
  const dark = await ground();
  await page.reload();
  await expect(page.getByLabel("Dark")).toBeChecked();
  expect(await ground()).toBe(dark);
  await page.getByLabel("Light").check();
  expect(await ground()).not.toBe(dark);
});
