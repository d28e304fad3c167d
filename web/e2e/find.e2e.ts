import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

const PALETTE = "Search conversations, messages and documents";

test("a message is found by its words, and the conversation opens at it", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("the lighthouse stands on the northern cliff");
  await chat.finished();
  await page.goto(`${chat.appliance.address}/`);
  await expect(chat.box).toBeFocused();
  await page.keyboard.press("ControlOrMeta+k");
  const box = page.getByRole("combobox", { name: PALETTE });
  await expect(box).toBeFocused();
  await box.fill("northern cli");
  const found = page.getByRole("group", { name: "Messages" }).getByRole("option").last();
  await expect(found.locator("mark")).toHaveText(["northern", "cli"]);
  await found.click();
  await expect(page).toHaveURL(/\/c\//);
  await expect(page.locator("article", { hasText: "northern cliff" }).first()).toBeFocused();
});

test("the palette is used with the keyboard alone", async ({ chat }) => {
  const { page } = chat;
  await page.getByRole("button", { name: "Search" }).click();
  const box = page.getByRole("combobox", { name: PALETTE });
  await box.fill("librar");
  await expect(page.getByRole("option", { name: "Library" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${chat.appliance.address}/library`);
});

test("what is nowhere is said to be nowhere", async ({ chat }) => {
  const { page } = chat;
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: PALETTE }).fill("xylophonic zebra");
  await expect(page.getByText("Nothing was found.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(chat.box).toBeFocused();
});

test("the palette has no grave finding", async ({ chat }) => {
  const { page } = chat;
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: PALETTE }).fill("li");
  await expect(page.getByRole("option", { name: "Library" })).toBeVisible();
  await expectAccessible(page);
});
