// Where models live: servers that administrators add, and the built-in engine.
import { startEndpoint, type Running } from "./appliance";
import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

const KEY = "sk-canary-of-the-page";

let lab: Running;
test.beforeAll(async () => {
  lab = await startEndpoint();
});
test.afterAll(() => lab.stop());

test("a model server is added, changed, asked again and removed", async ({ chat }) => {
  const { page, appliance } = chat;
  await page.goto(`${appliance.address}/settings`);
  await page.getByRole("link", { name: "Model servers and the built-in engine" }).click();
  await expect(page.getByRole("link", { name: "Models" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("heading", { name: "Models", level: 1 })).toBeVisible();
  await expect(
    page.getByRole("listitem").filter({ hasText: "In the settings file" }),
  ).toContainText("box");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Add a model server" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("lab");
  await dialog.getByLabel("Address").fill("http://169.254.169.254/v1");
  await dialog.getByRole("textbox", { name: "Key" }).fill(KEY);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("No model may live at this address");
  await expectAccessible(page);
  await dialog.getByLabel("Address").fill(lab.found);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const row = page.getByRole("listitem").filter({ hasText: "lab" }).first();
  await expect(row).toContainText("with a key");
  expect(await page.content()).not.toContain(KEY);
  const listed = await page.request.get(`${appliance.address}/api/models`);
  expect(await listed.text()).toContain("lab/say");

  const menu = page.getByRole("button", { name: "More for lab" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Ask again" }).click();
  await menu.click();
  await page.getByRole("menuitem", { name: "Change" }).click();
  await expect(dialog.getByRole("textbox", { name: "Key" })).toHaveValue("");
  await dialog.getByLabel("Name").fill("laboratory");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("laboratory", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "More for laboratory" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("laboratory", { exact: true })).toHaveCount(0);

  await page.goto(`${appliance.address}/settings/audit`);
  await expect(page.getByText("removed a model server").first()).toBeVisible();
});

test("who has to wait sees the place, and administrators see who waits", async ({ chat }) => {
  const { page, appliance } = chat;
  const { request } = page;
  const server = { name: "slow", url: lab.found, slots: 1 };
  const added = await request.post(`${appliance.address}/api/admin/endpoints`, { data: server });
  const { id } = (await added.json()) as { id: string };
  const ask = async () => {
    const data = { content: "Tell me", model: "slow/say?tokens=4000&rate=20" };
    const headers = { Accept: "application/json" };
    const answer = await request.post(`${appliance.address}/api/chat`, { data, headers });
    return (await answer.json()) as { conversation_id: string; answer_id: string };
  };
  const first = await ask();
  const second = await ask();
  await page.goto(`${appliance.address}/c/${second.conversation_id}`);
  const place = page.locator(".answer").getByText("Your question is next");
  await expect(place).toBeVisible();
  await expectAccessible(page);

  const other = await page.context().newPage();
  await other.goto(`${appliance.address}/settings/models`);
  await expect(other.getByRole("heading", { name: "Who waits" })).toBeVisible();
  await expect(other.getByRole("list", { name: "slow" })).toContainText("Ada");
  await other.close();

  await request.post(`${appliance.address}/api/answers/${first.answer_id}/stop`);
  await expect(place).toHaveCount(0);
  await expect(page.locator(".answer").last()).not.toBeEmpty();
  await request.post(`${appliance.address}/api/answers/${second.answer_id}/stop`);
  await request.delete(`${appliance.address}/api/admin/endpoints/${id}`);
});

test("a member sees nothing of it", async ({ chat, browser }) => {
  const { page, appliance } = chat;
  const person = { name: "Mia", password: "another quiet harbour", role: "member" };
  await page.request.post(`${appliance.address}/api/people`, { data: person });
  const mia = await (await browser.newContext()).newPage();
  const login = { data: { email: "Mia", password: person.password } };
  await mia.request.post(`${appliance.address}/api/auth/login`, login);
  await mia.goto(`${appliance.address}/settings/models`);
  await expect(mia.getByText("Only owners and administrators see this.")).toBeVisible();
  await mia.context().close();
});
