// What administrators see of the appliance: how it is, what is used, what was done, and the log.
import { expectAccessible } from "./axe";
import { type Chat, expect, test } from "./fixtures";

test.use({ alone: "console" });

const PAGES = {
  overview: "Overview",
  usage: "Usage",
  people: "People",
  audit: "What was done",
  network: "Share on the network",
  logs: "Log",
};

const at = ({ page, appliance }: Chat, name: string) =>
  page.goto(`${appliance.address}/settings/${name}`);

async function answered(chat: Chat) {
  await chat.useModel("say?tokens=20&rate=0");
  await chat.ask("A secret question");
  await chat.finished();
}

test("every page of the console is reached from every other, and is accessible", async ({
  chat,
}) => {
  const { page } = chat;
  await page.goto(`${chat.appliance.address}/settings`);
  await page.getByRole("link", { name: "How it is" }).click();
  const pages = page.getByRole("navigation", { name: "Administration" });
  for (const [name, heading] of Object.entries(PAGES)) {
    const link = pages.locator(`a[href="/settings/${name}"]`);
    await link.click();
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(link).toHaveAttribute("aria-current", "page");
    await expect(page).toHaveTitle(`${heading} – Gantry Edge`);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth),
      name,
    ).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
});

test("the overview says how each part is, and how much there is", async ({ chat }) => {
  const { page } = chat;
  await at(chat, "overview");
  const health = page.getByRole("region", { name: "Health" });
  await expect(health.getByRole("listitem").filter({ hasText: "Database" })).toContainText("fine");
  await expect(health.getByRole("listitem")).toHaveCount(9);
  await expect(page.getByRole("img", { name: /^Requests/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "How much" })).toContainText("MB");
  await expect(page.getByText("Last tidied up")).toBeVisible();
});

test("the usage counts answers and tokens of each person and model, and says nothing of what was asked", async ({
  chat,
}) => {
  const { page } = chat;
  await answered(chat);
  await at(chat, "usage");
  const rows = page.getByRole("region", { name: "By person and model" });
  const row = rows.getByRole("listitem").filter({ hasText: "box/say" });
  await expect(row).toContainText("Ada");
  await expect(row).toContainText("1 answer");
  await expect(row).toContainText(/about [\d.]+ Wh/);
  await expect(page.getByRole("main")).not.toContainText("secret");
  await page.getByLabel("Show").selectOption("7");
  await expect(page.getByRole("img", { name: "Answers: 1" })).toBeVisible();
});

test("the log shows each request as it comes, is searched, paused and downloaded", async ({
  chat,
}) => {
  const { page, appliance } = chat;
  await answered(chat);
  await at(chat, "logs");
  const lines = page.locator(".lines li");
  await expect(lines.filter({ hasText: "POST /api/chat" }).first()).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("secret");

  await page.getByRole("textbox", { name: "Search in the log" }).fill("api/facts 200");
  await expect(page.getByText("0 lines")).toBeVisible();
  await page.request.get(`${appliance.address}/api/facts`);
  await expect(lines).toHaveCount(1);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.request.get(`${appliance.address}/api/facts`);
  await expect(lines).toHaveCount(1);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(lines).toHaveCount(2);

  await page.getByRole("textbox", { name: "Search in the log" }).fill("");
  await page.getByLabel("Show").selectOption("error");
  await expect(lines.filter({ hasText: "POST /api/chat" })).toHaveCount(0);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe("gantry-edge.jsonl");
});

test("who is no administrator sees none of it", async ({ chat, browser }) => {
  const { page, appliance } = chat;
  const made = await page.request.post(`${appliance.address}/api/people`, {
    data: { name: "Bea", password: "another quiet harbour" },
  });
  expect(made.ok()).toBe(true);
  const context = await browser.newContext();
  await context.request.post(`${appliance.address}/api/auth/login`, {
    data: { email: "Bea", password: "another quiet harbour" },
  });
  const bea = await context.newPage();
  for (const name of ["overview", "usage", "audit", "logs"]) {
    await bea.goto(`${appliance.address}/settings/${name}`);
    await expect(bea.getByText("Only owners and administrators see this.")).toBeVisible();
    await expect(bea.getByRole("navigation", { name: "Administration" })).toHaveCount(0);
  }
  await context.close();
});
