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
  await page.screenshot({ path: `${gallery}/${name}-${size.width}-${colorScheme}.png` });
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
