import { expect, test } from "./fixtures";

test("the API documentation needs nothing from elsewhere", async ({ page, appliance }) => {
  await page.goto(`${appliance.address}/docs`);
  await expect(page.getByText("/api/chat").first()).toBeVisible();
  await page.getByText("/api/auth/login").click();
  await expect(page.getByRole("button", { name: "Try it out" })).toBeVisible();
});
