import { expect, test } from "./fixtures";

test("the API documentation needs nothing from elsewhere", async ({ page, appliance }) => {
  await page.goto(`${appliance.address}/docs`);
  await page.locator("h3", { hasText: "Chat" }).click();
  await expect(page.getByRole("link", { name: "/api/chat", exact: true })).toBeVisible();
  await page.locator("h3", { hasText: "Accounts" }).click();
  await page.getByText("/api/auth/login").click();
  await expect(page.getByRole("button", { name: "Try it out" })).toBeVisible();
});
