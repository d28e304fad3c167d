// Pictures from right to left: SHOTS=folder npm run shots -- rtl
import { expect, test } from "./fixtures";
import { fakeLibrary } from "./libraryFake";
import { shoot } from "./shoot";

test.use({ locale: "ar" });

test("Arabic", async ({ chat }) => {
  const { page, appliance } = chat;
  const model = { id: "box/echo?rate=200", name: "SmolLM2 135M", endpoint: "box", note: "" };
  await page.route("**/api/models", (route) => route.fulfill({ json: { items: [model] } }));
  await page.reload();
  await expect(page.locator(".welcome li").first()).toBeVisible();
  await shoot(page, "80-rtl-welcome");
  const mixed =
    "ما الفرق بين `router` و switch؟\n\n1. الأول يصل الشبكات\n2. The second joins devices\n\n```python\nprint('left to right')\n```";
  await page.locator(".composer textarea").fill(mixed);
  await page.locator(".composer textarea").press("Enter");
  await expect(page.locator("article.assistant .actions")).toBeVisible();
  await shoot(page, "81-rtl-chat");
  await page.locator("article.assistant .actions button").last().click();
  await shoot(page, "82-rtl-details");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator(".page-header .icon-button").first().click();
  await page.screenshot({ path: `${process.env.SHOTS}/83-rtl-drawer.png` });
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator(".conversation .menu button").first().click();
  await page.screenshot({ path: `${process.env.SHOTS}/84-rtl-menu.png` });
  await page.keyboard.press("Escape");
  await fakeLibrary(page);
  await page.goto(`${appliance.address}/library`);
  await expect(page.locator("li.document").first()).toBeVisible();
  await shoot(page, "85-rtl-library");
  await page.goto(`${appliance.address}/settings`);
  await expect(page.locator(".settings-body h2").first()).toBeVisible();
  await shoot(page, "86-rtl-settings");
});
