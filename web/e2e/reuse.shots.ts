import { test } from "./fixtures";
import { shoot } from "./shoot";

test("an answer from the cache, and where that is chosen", async ({ chat }) => {
  const { page } = chat;
  await page.goto(`${chat.appliance.address}/settings`);
  await page.getByLabel("Reuse my earlier answers").click();
  await page.getByLabel("Reuse my earlier answers").scrollIntoViewIfNeeded();
  await shoot(page, "settings-answers");
  for (const _ of [0, 1]) {
    await page.goto(chat.appliance.address);
    await chat.useModel("say?tokens=20&seed=77");
    await chat.ask("The very same");
    await chat.finished();
  }
  await page.getByRole("button", { name: "Details" }).click();
  await shoot(page, "answer-from-cache");
});
