import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

test("the same question again is answered from the cache, and says so", async ({ chat }) => {
  const { page } = chat;
  const settings = `${chat.appliance.address}/settings`;
  const wanted = page.getByLabel("Reuse my earlier answers");
  const said = page.getByText("from cache", { exact: true });
  await page.goto(settings);
  await wanted.click();
  await expect(wanted).toBeChecked();
  await expect(wanted).toBeEnabled();
  await expectAccessible(page);
  for (const times of [0, 1]) {
    await page.goto(chat.appliance.address);
    await chat.useModel("say?tokens=20&seed=77");
    await chat.ask("The very same");
    await chat.finished();
    await expect(said).toHaveCount(times);
  }
  await page.getByRole("button", { name: "Details" }).click();
  await expect(page.getByText(/, from cache$/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Regenerate" }).click();
  await expect(page.getByText("2/2")).toBeVisible();
  await chat.finished();
  await expect(said).toHaveCount(0);
  await page.goto(settings);
  await wanted.click();
  await expect(wanted).not.toBeChecked();
  await expect(wanted).toBeEnabled();
});
