import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

test("personas", async ({ chat }) => {
  const { page } = chat;
  const fields = {
    name: "Harbour master",
    description: "Short and salty, and knows the tides of the whole coast by heart",
    prompt: "You speak to {{user}} on {{date}}. Be {{mood}}.",
    starters: ["When is high water?", "Who is in the harbour?"],
  };
  for (const visibility of ["private", "system"]) {
    await page.request.post(`${chat.appliance.address}/api/personas`, {
      data: { ...fields, visibility },
    });
  }
  await page.reload();
  await page.getByRole("combobox", { name: "Persona" }).selectOption({ index: 1 });
  await expect(page.getByText("When is high water?")).toBeVisible();
  await shoot(page, "60-persona-welcome");
  await page.goto(`${chat.appliance.address}/settings/personas`);
  await expect(page.getByText("For everybody")).toBeVisible();
  await shoot(page, "61-personas");
  await page.getByRole("button", { name: "Edit Harbour master" }).first().click();
  await page.getByText("How the model picks its words").click();
  await shoot(page, "62-persona-form");
  await shoot(page, "63-persona-sampling", async () => {
    await page.getByRole("button", { name: "Save" }).scrollIntoViewIfNeeded();
  });
});
