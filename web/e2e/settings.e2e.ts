import { readFileSync } from "node:fs";
import { addUser, startServer, temporaryFolder } from "./appliance";
import { Chat, expect, NAME, PASSWORD, test } from "./fixtures";

const open = async ({ page, appliance }: Chat, hash = "") => {
  await page.goto(`${appliance.address}/settings${hash}`);
  await expect(page.getByRole("button", { name: "Export all my data" })).toBeVisible();
};

test("an address names a section, and the index leads to each", async ({ chat }) => {
  const { page } = chat;
  await open(chat, "#data");
  await expect(page.getByRole("heading", { name: "Your data" })).toBeInViewport();
  await page.getByRole("navigation", { name: "Sections" }).getByText("Appearance").click();
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeInViewport();
  await expect(page).toHaveURL(/\/settings#appearance$/);
});

test("a display name greets, and a taken user name is said with what was typed kept", async ({
  chat,
}) => {
  const { page } = chat;
  await open(chat);
  await page.getByLabel("Display name").fill("Ada Lovelace");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved").first()).toBeVisible();
  await expect(page.getByRole("link", { name: /Ada Lovelace/ })).toBeVisible();
  await page.getByLabel("User name or e-mail").fill("ada@example.org");
  await page.getByLabel("Your password, to change").fill("not the password");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("User name or e-mail")).toHaveValue("ada@example.org");
  await page.getByLabel("User name or e-mail").fill(NAME);
  await page.getByLabel("Display name").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved").first()).toBeVisible();
});

test("all of one's data is downloaded as one archive", async ({ chat }) => {
  const { page } = chat;
  await chat.ask("A question to take out");
  await chat.finished();
  await open(chat);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export all my data" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^Ada \d{4}-\d\d-\d\d\.zip$/);
  const bytes = readFileSync(await download.path());
  expect(bytes.subarray(0, 2).toString()).toBe("PK");
  expect(bytes.includes("preferences.json")).toBe(true);
  await expect(page.getByText("Exported.").first()).toBeVisible();
});

test("a new conversation begins with the model of one's own choice", async ({ chat }) => {
  const { page } = chat;
  await open(chat);
  const models = page.locator("section", { hasText: "New conversations" }).getByLabel("Model");
  const other = await models.locator("option").last().getAttribute("value");
  await models.selectOption(other);
  await page.goto(chat.appliance.address);
  await expect(page.getByRole("combobox", { name: "Model" })).toHaveValue(other!);
  await open(chat);
  await models.selectOption("");
  await expect(models).toHaveValue("");
});

test("who deletes the account is signed out everywhere and cannot sign in again", async ({
  browser,
  appliance,
}) => {
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path, endpoint: appliance.endpoint });
  const address = new URL(server.found).origin;
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(server.found);
    await page.getByLabel("Your name").fill(NAME);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
    await page.goto(`${address}/settings#leave`);
    await expect(page.getByText("You are the only owner here")).toBeVisible();
    addUser(folder.path, "ben", "owner", PASSWORD);
    await page.reload();
    await page.getByRole("button", { name: "Delete my account" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete your account?" });
    await dialog.getByLabel("Type your user name").fill("somebody");
    await dialog.getByLabel("Your password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Delete everything" }).click();
    await expect(dialog.getByRole("alert")).toContainText(NAME);
    await dialog.getByLabel("Type your user name").fill(NAME);
    await dialog.getByRole("button", { name: "Delete everything" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.getByLabel("Name").fill(NAME);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
  } finally {
    await context.close();
    await server.stop();
    folder.remove();
  }
});
