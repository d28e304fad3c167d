// Personas: written, chosen, and told by each answer.
import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

test("a persona is written, chosen and named by its answer", async ({ chat }) => {
  const { page } = chat;
  const picker = page.getByRole("combobox", { name: "Persona" });
  await expect(page.getByRole("combobox", { name: "Model" })).toBeVisible();
  await expect(picker).toHaveCount(0);

  await page.goto(`${chat.appliance.address}/settings/personas`);
  await page.getByRole("button", { name: "New persona" }).click();
  await page.getByLabel("Name").fill("Harbour master");
  await page.getByLabel("Description").fill("Short and salty");
  await page.getByLabel("Instructions").fill("Talk to {{user}} in a {{mood}} way");
  await expect(page.getByText("Talk to Ada in a {{mood}} way")).toBeVisible();
  await expect(page.getByText("left as written: {{mood}}")).toBeVisible();
  await page.getByLabel("Starters").fill("When is high water?\n\nWho is in the harbour?");
  await page.getByLabel("Model").selectOption({ label: "echo?rate=50" });
  await page.getByText("How the model picks its words").click();
  await page.getByLabel("Temperature").fill("0.5");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Short and salty")).toBeVisible();
  await expectAccessible(page);

  await page.goto(chat.appliance.address);
  await picker.selectOption({ label: "Harbour master" });
  await expect(page.getByRole("combobox", { name: "Model" })).toHaveValue("box/echo?rate=50");
  await expectAccessible(page);
  await page.getByRole("button", { name: "When is high water?" }).click();
  await expect(chat.box).toHaveValue("When is high water?");
  await chat.box.press("Enter");
  await chat.finished();
  await expect(chat.lastAnswer).toHaveText("When is high water?");
  await page.getByRole("button", { name: "Details" }).last().click();
  await expect(page.locator(".details")).toContainText("Harbour master");
  await expect(picker).toHaveValue(/.+/);

  await page.goto(`${chat.appliance.address}/settings/personas`);
  await page.getByRole("button", { name: "More for Harbour master" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("None yet.").first()).toBeVisible();
});
