import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

test("prompts", async ({ chat }) => {
  const { page } = chat;
  const path = `${chat.appliance.address}/api/prompts`;
  await page.goto(`${chat.appliance.address}/settings/prompts`);
  await expect(page.getByText("None yet.")).toBeVisible();
  await shoot(page, "90-prompts-none");
  const long =
    "Summarise the following text in {{sentences}} sentences for {{audience}}:\n\n{{text}}";
  for (const data of [
    { name: "Summary", text: long },
    { name: "Minutes of a meeting with many participants and a rather long name", text: "Write." },
    { name: "Reply kindly", text: "Reply kindly to this mail, signed {{user}}.\n\n{{mail}}" },
  ]) {
    await page.request.post(path, { data });
  }
  await page.reload();
  await expect(page.getByText("Reply kindly", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Delete Summary" }).click();
  await shoot(page, "91-prompts");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Edit Summary" }).click();
  await shoot(page, "92-prompt-form");
  await page.goto(chat.appliance.address);
  await chat.box.press("/");
  await expect(page.getByRole("listbox")).toBeVisible();
  await shoot(page, "93-slash");
  await page.keyboard.type("sum");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Summary" })).toBeVisible();
  await shoot(page, "94-variables");
});
