// Pictures of the sheet of shortcuts, the palette, and finding within a conversation.
import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

test("keys and finding", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("A harbour is a harbour, and **this harbour** has a `harbour` wall.");
  await chat.finished();
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("ControlOrMeta+Shift+f");
  await page.getByRole("textbox", { name: "Find in this conversation" }).fill("harbour");
  await expect(page.locator(".find-bar", { hasText: "of 8" })).toBeVisible();
  await shoot(page, "keys-1-within");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+/");
  await page.getByRole("button", { name: "Change Settings" }).click();
  await page.keyboard.press("ControlOrMeta+k");
  await shoot(page, "keys-2-sheet");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await page.waitForTimeout(300);
  await shoot(page, "keys-3-palette");
});
