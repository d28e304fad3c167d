// Pictures of the settings: SHOTS=folder npm run shots -- settings
import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

test("settings", async ({ chat }) => {
  const { page } = chat;
  await chat.ask("Plan the team meeting");
  await chat.finished();
  await page.goto(`${chat.appliance.address}/settings`);
  await expect(page.getByText("This one")).toBeVisible();
  await expect(page.getByRole("button", { name: "Export all my data" })).toBeVisible();
  await shoot(page, "settings-top");
  for (const id of ["beginnings", "sessions", "data"]) {
    await shoot(page, `settings-${id}`, async () => {
      await page.locator(`#${id}`).evaluate((one) => one.scrollIntoView());
    });
  }
});
