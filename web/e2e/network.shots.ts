// Pictures of sharing and of the trust page: SHOTS=folder npm run shots -- network
import type { Page } from "@playwright/test";
import { Chat, expect, test } from "./fixtures";
import { CROWDED, ENCRYPTED, fakeNetwork, OFF, PLAIN, TRUST, UNPLUGGED } from "./networkFake";
import { shoot } from "./shoot";

const whole = (page: Page) => async () => {
  // All of it at once, however long.
  const width = page.viewportSize()!.width;
  const height = await page.evaluate(
    () => document.querySelector(".settings-body")?.scrollHeight ?? document.body.scrollHeight,
  );
  await page.setViewportSize({ width, height: Math.max(height + 80, 500) });
};

const open = async ({ page, appliance }: Chat) => {
  await page.goto(`${appliance.address}/settings/network`);
  await expect(page.getByRole("heading", { name: /^Sharing/ })).toBeVisible();
};

test("sharing, in every state", async ({ chat }) => {
  const { page } = chat;
  const states = {
    off: OFF,
    plain: PLAIN,
    encrypted: ENCRYPTED,
    crowded: CROWDED,
    unplugged: UNPLUGGED,
  };
  for (const [name, network] of Object.entries(states)) {
    await fakeNetwork(page, network);
    await open(chat);
    await shoot(page, `n-${name}`, whole(page));
    await page.unrouteAll();
  }
});

test("sharing, at work", async ({ chat }) => {
  const { page } = chat;
  await fakeNetwork(page, OFF);
  await open(chat);
  await page.getByRole("button", { name: "Turn on sharing…" }).click();
  await shoot(page, "n-turning-on", whole(page));
  await page.unrouteAll();
  await fakeNetwork(page, ENCRYPTED);
  await open(chat);
  await page.getByRole("button", { name: "Check from here" }).click();
  await expect(page.getByText("did not answer").first()).toBeVisible();
  await shoot(page, "n-checked", whole(page));
  await page.getByRole("button", { name: "Turn off sharing…" }).click();
  await page.getByLabel("Your password").fill("wrong");
  await shoot(page, "n-turning-off");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: /QR code of https:..\[fd12/ }).click();
  await shoot(page, "n-qr");
});

test("the trust page", async ({ page, appliance }) => {
  await fakeNetwork(page, ENCRYPTED);
  await page.goto(`${appliance.address}/trust`);
  await expect(page.getByText("valid until")).toBeVisible();
  await shoot(page, "t-on", whole(page));
  await page
    .locator("details")
    .evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));
  await shoot(page, "t-all", whole(page));
  await page.unrouteAll();
  await fakeNetwork(page, OFF, { ...TRUST, enabled: false, fingerprint: null, https_url: null });
  await page.reload();
  await expect(page.getByText("switched off")).toBeVisible();
  await shoot(page, "t-off", whole(page));
});
