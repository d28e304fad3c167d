import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  outputDir: "e2e/results",
  // Each worker starts a server of its own.
  workers: 1,
  timeout: 60_000,
  // A browser that hangs while it closes says nothing about the page; a test that needs it is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    // Else what cannot be pressed takes the whole time of a test, and is not named.
    actionTimeout: 20_000,
    locale: "en-GB",
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  projects: [
    { name: "tests", testMatch: "*.e2e.ts" },
    { name: "shots", testMatch: "*.shots.ts", timeout: 180_000 },
    { name: "speed", testMatch: "*.speed.ts", timeout: 900_000 },
    { name: "alone", testMatch: "alone/*.test.ts" },
  ],
});
