import { startServer, temporaryFolder } from "./appliance";
import { Chat, expect, test } from "./fixtures";

test("from the setup link to an answer of the built-in model", async ({ page }) => {
  test.setTimeout(180_000);
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path });
  try {
    await page.goto(server.found);
    await expect(page.getByRole("heading", { name: "Welcome" })).toBeVisible();
    expect(page.url()).not.toContain("setup=");
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Password").fill("a quiet harbour");
    await page.getByRole("button", { name: "Create account" }).click();

    await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
    const chat = new Chat(page, { address: new URL(server.found).origin, endpoint: "" });
    await chat.ask("Say hello in one short sentence.");
    await expect(page.locator("article.user")).toContainText("Say hello");
    await expect(chat.lastAnswer).toContainText(/\w/, { timeout: 90_000 });
    await expect(page.getByRole("button", { name: "Send" })).toBeVisible({ timeout: 90_000 });
    expect((await chat.stored()).status).toBe("done");
    await expect(page).toHaveTitle(/Say hello .* – Gantry Edge/);
    await expect(page.locator(".model-picker .hint")).toContainText(/small/i);
  } finally {
    await server.stop();
    folder.remove();
  }
});

test("without the link, the page says how to begin", async ({ page, appliance }) => {
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path, endpoint: appliance.endpoint });
  try {
    await page.goto(server.found.split("#")[0]!);
    await expect(page.getByText("open the setup link")).toBeVisible();
    await page.goto("about:blank");
    await page.goto(`${server.found}wrong`);
    await page.getByLabel("Your name").fill("Eve");
    await page.getByLabel("Password").fill("guessing at it");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
  } finally {
    await server.stop();
    folder.remove();
  }
});

test("the setup link may be pasted where the page is open, and may be cut off", async ({
  page,
  appliance,
}) => {
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path, endpoint: appliance.endpoint });
  try {
    await page.goto(`${new URL(server.found).origin}/#setup=%`);
    await expect(page.getByText("open the setup link")).toBeVisible();
    await page.goto(server.found);
    await expect(page.getByRole("heading", { name: "Welcome" })).toBeVisible();
    expect(page.url()).not.toContain("setup=");
  } finally {
    await server.stop();
    folder.remove();
  }
});
