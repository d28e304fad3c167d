// The pictures of the README, with the built-in model: npm run shots -- readme
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { startServer, temporaryFolder } from "./appliance";
import { Chat, expect, PASSWORD, test } from "./fixtures";
import { openSharing, shared, test as onNetwork } from "./lan";

const gallery = resolve(import.meta.dirname, "../../docs/gallery");
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

async function shoot(page: Page, name: string, size: typeof DESK, colorScheme: "light" | "dark") {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.waitForTimeout(300); // until the other colours are painted
  await page.screenshot({ path: `${gallery}/${name}-${size.width}-${colorScheme}.png` });
}

/** Enough to draw; facts are learned while nothing is asked. */
async function tellOfMe({ page, appliance }: Chat) {
  for (const content of [
    "My manager is Anna Keller. I work at Acme Shipping. I live in Bern.",
    "We use Grafana. My wife Julia works at Nordwind. My brother Tom lives in Oslo.",
  ]) {
    await page.request.post(`${appliance.address}/api/chat`, {
      headers: { Accept: "text/event-stream" },
      data: { content },
    });
  }
  const facts = async () =>
    (await (await page.request.get(`${appliance.address}/api/facts`)).json()).items.length;
  await expect.poll(facts, { timeout: 60_000 }).toBeGreaterThan(5);
}

test("pictures of the README", async ({ page }) => {
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path });
  try {
    await page.goto(server.found);
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    const chat = new Chat(page, { address: new URL(server.found).origin, endpoint: "" });
    for (const question of [
      "Draft a short welcome note for a new colleague",
      "What should be in a backup plan?",
      "Explain in a few sentences what a firewall does",
    ]) {
      await page.getByRole("link", { name: "New chat" }).first().click();
      await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
      await chat.ask(question);
      await expect(chat.lastAnswer).toContainText(/\w/, { timeout: 90_000 });
      await expect(page.getByRole("button", { name: "Send" })).toBeVisible({ timeout: 90_000 });
    }
    await shoot(page, "chat", DESK, "light");
    await shoot(page, "chat", PHONE, "dark");
    await page.setViewportSize(DESK);
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByRole("combobox", { name: /Search/ }).fill("backup");
    await expect(page.getByRole("group", { name: "Messages" })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await shoot(page, "search", DESK, "light");
    await page.keyboard.press("Escape");
    await tellOfMe(chat);
    await page.goto(`${chat.appliance.address}/settings/memory?view=graph`);
    await expect(page.getByRole("button", { name: /Anna Keller/ }).first()).toBeVisible();
    await shoot(page, "memory", DESK, "dark");
    await page.context().clearCookies();
    await page.reload();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await shoot(page, "sign-in", PHONE, "light");
  } finally {
    await server.stop();
    folder.remove();
  }
});

onNetwork("picture of sharing", async ({ lan }) => {
  const page = await shared(lan, { lan: true, https: true });
  await openSharing(page);
  await expect(page.getByRole("link", { name: "https://gantry.local" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  await shoot(page, "share", DESK, "light");
});
