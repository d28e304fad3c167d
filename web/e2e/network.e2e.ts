import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, PASSWORD } from "./fixtures";
import { ADDRESS, openSharing, signedIn, shared, test } from "./lan";
import { CROWDED, fakeNetwork } from "./networkFake";

const OFF = { lan: false, https: false };
const PLAIN = { lan: true, https: false };
const ENCRYPTED = { lan: true, https: true };

async function confirm(page: Page, label: string, password = PASSWORD) {
  const form = page.getByRole("form", { name: label });
  await form.getByLabel("Your password").fill(password);
  await form.getByRole("button", { name: label }).click();
}

/** Where a paste goes: the clipboard cannot be read on a plain address. */
async function pasted(page: Page): Promise<string> {
  await page.goto(new URL("/", page.url()).href);
  const box = page.getByRole("textbox", { name: "Message" });
  // What was pasted before may come in as a draft.
  await page.waitForLoadState("networkidle");
  await box.fill("");
  await box.press("ControlOrMeta+v");
  return (await box.inputValue()).trim();
}

const visible = async (page: Page) =>
  (await page.locator("#fingerprint, .fingerprint").innerText()).replace(/\s+/g, " ").trim();

test("the owner lets other devices in, and out again", async ({ lan }) => {
  const page = await shared(lan, OFF);
  const other = await (await lan.device()).newPage();
  await expect(other.goto(lan.remote)).rejects.toThrow("ERR_CONNECTION_REFUSED");

  await openSharing(page);
  await page.getByRole("button", { name: "Turn on sharing…" }).click();
  await confirm(page, "Turn on sharing");
  await expect(page.getByRole("link", { name: lan.remote })).toBeVisible();
  await other.goto(lan.remote);
  await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible();

  await page.getByRole("button", { name: "Turn off sharing…" }).click();
  await confirm(page, "Turn off sharing");
  await expect(page.getByRole("button", { name: "Turn on sharing…" })).toBeFocused();
  await expect(async () =>
    expect(other.goto(lan.remote)).rejects.toThrow("ERR_CONNECTION_REFUSED"),
  ).toPass();
});

test("a wrong password changes nothing and says so", async ({ lan }) => {
  const page = await shared(lan, OFF);
  await openSharing(page);
  await page.getByRole("button", { name: "Turn on sharing…" }).click();
  await confirm(page, "Turn on sharing", "not the password");
  await expect(page.getByRole("alert")).toContainText("wrong");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Turn on sharing…" })).toBeFocused();
});

test("every address has its picture, and the check reaches it", async ({ lan }) => {
  const page = await shared(lan, ENCRYPTED);
  await openSharing(page);
  for (const name of [`https://${ADDRESS}`, "http://[fd77::1]", "http://gantry.local"])
    await expect(page.getByRole("link", { name })).toBeVisible();
  await expect(async () => {
    const widths = await page
      .locator(".qr img")
      .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth));
    expect(widths.length).toBeGreaterThan(1);
    expect(Math.min(...widths)).toBeGreaterThan(0);
  }).toPass();
  await page.getByRole("button", { name: "Check from here" }).click();
  await expect(page.getByText(/^Answers in \d+ ms$/)).toHaveCount(6);
});

test("a code is shown large, and for the kind of address that is wanted", async ({ lan }) => {
  const page = await shared(lan, ENCRYPTED);
  await openSharing(page);
  await page.getByRole("button", { name: `QR code of https://${ADDRESS}` }).click();
  const dialog = page.getByRole("dialog", { name: "Scan with a phone" });
  await dialog.getByLabel("HTTP", { exact: true }).check();
  const image = dialog.getByRole("img", { name: `QR code of ${lan.remote}` });
  await expect(image).toBeVisible();
  expect((await image.boundingBox())!.width).toBeGreaterThan(400);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: `QR code of https://${ADDRESS}` })).toBeFocused();
});

test("an address that does not answer opens the list of what may be wrong", async ({ lan }) => {
  const page = await shared(lan, OFF);
  await fakeNetwork(page, CROWDED);
  await openSharing(page);
  await expect(page.getByRole("alert")).toContainText("gantry-2.local");
  await page.getByRole("button", { name: "Check from here" }).click();
  await expect(page.getByText("sudo ufw allow 8484/tcp")).toBeVisible();
  await expect(page.getByText("a firewall may be in the way").first()).toBeVisible();
  await expectAccessible(page);
});

test("copying works on an address that is not encrypted", async ({ lan }) => {
  await shared(lan, PLAIN);
  const page = await signedIn(lan, lan.remote);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await page.getByRole("textbox", { name: "Message" }).fill("Show me some code");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copy code" }).click();
  const code = await page.locator("pre code").innerText();
  expect(await pasted(page)).toBe(code.trim());

  await openSharing(page);
  await page.getByRole("button", { name: `Copy ${lan.remote}` }).click();
  expect(await pasted(page)).toBe(`${lan.remote}/`);
});

test("copying works in a dialog on an address that is not encrypted", async ({ lan }) => {
  await shared(lan, PLAIN);
  const page = await signedIn(lan, lan.remote);
  await openSharing(page);
  await page.getByRole("button", { name: `QR code of ${lan.remote}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Copy" }).click();
  expect(await pasted(page)).toBe(`${lan.remote}/`);
});

test("settings say what plain HTTP costs, and only there", async ({ lan }) => {
  const local = await shared(lan, PLAIN);
  await local.goto(`${lan.local}/settings`);
  await expect(local.getByRole("heading", { name: "Signed in on" })).toBeVisible();
  await expect(local.getByText("over plain HTTP")).toHaveCount(0);
  const page = await signedIn(lan, lan.remote);
  await page.goto(`${lan.remote}/settings`);
  await expect(page.getByText("over plain HTTP")).toBeVisible();
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "How to connect encrypted" }).click();
  await expect((await opened).getByRole("heading", { name: "Trust this appliance" })).toBeVisible();
});

test("who switches off from another device is warned, and told where to go on", async ({ lan }) => {
  await shared(lan, PLAIN);
  const page = await signedIn(lan, lan.remote);
  await openSharing(page);
  await page.getByRole("button", { name: "Turn off sharing…" }).click();
  await expect(page.getByText("You would lose this page")).toBeVisible();
  await confirm(page, "Turn off sharing");
  await expect(page.getByRole("heading", { name: "Sharing is off now" })).toBeVisible();
  await expect(page.getByRole("link", { name: `http://127.0.0.1:${lan.port}/` })).toBeVisible();
});

test("the trust page shows the fingerprint of the file it offers", async ({ lan }) => {
  const owner = await shared(lan, ENCRYPTED);
  await openSharing(owner);
  const page = await (await lan.device()).newPage();
  await page.goto(`${lan.remote}/trust`);
  await expect(page.getByText("valid until")).toBeVisible();
  const der = await page.evaluate(async () =>
    Array.from(new Uint8Array(await (await fetch("/api/trust/ca.crt")).arrayBuffer())),
  );
  const digest = createHash("sha256").update(Buffer.from(der)).digest("hex").toUpperCase();
  expect(await visible(page)).toBe(digest.match(/../g)!.join(" "));
  expect(await visible(owner)).toBe(await visible(page));
});

test("the trust page knows whether the browser trusts the certificate", async ({ lan }) => {
  await shared(lan, ENCRYPTED);
  const stranger = await (await lan.device()).newPage();
  await stranger.goto(`${lan.remote}/trust`);
  await expect(stranger.getByText("does not trust the certificate yet")).toBeVisible();
  await expect(stranger.getByText("sha256sum gantry-edge.crt")).toBeVisible();

  const friend = await (await lan.device({ ignoreHTTPSErrors: true })).newPage();
  await friend.goto(`${lan.remote}/trust`);
  await expect(friend.getByText("There is nothing left to do here")).toBeVisible();
  await friend.getByRole("link", { name: "Open the encrypted page" }).click();
  await expect(friend.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(new URL(friend.url()).protocol).toBe("https:");
});

test("the trust page says when HTTPS is switched off", async ({ lan }) => {
  await shared(lan, PLAIN);
  const page = await (await lan.device()).newPage();
  await page.goto(`${lan.remote}/trust`);
  await expect(page.getByText("HTTPS is switched off")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Install the certificate" })).toBeHidden();
  await expectAccessible(page);
});

test("an administrator sees the addresses and changes nothing", async ({ lan }) => {
  await shared(lan, PLAIN);
  const page = await signedIn(lan, lan.local, "admin");
  await openSharing(page);
  await expect(page.getByRole("link", { name: lan.remote })).toBeVisible();
  await expect(page.getByText("Only the owner can change this.").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^(Turn|Check)/ })).toHaveCount(0);
});

test("a member does not see how the appliance is shared", async ({ lan }) => {
  const page = await signedIn(lan, lan.local, "member");
  await page.goto(`${lan.local}/settings`);
  await expect(page.getByRole("heading", { name: "Signed in on" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Share on the network" })).toHaveCount(0);
  await page.goto(`${lan.local}/settings/network`);
  await expect(page.getByText("Only the owner and administrators see this.")).toBeVisible();
});

test("sharing and trust have no grave finding", async ({ lan }) => {
  const page = await shared(lan, ENCRYPTED);
  await openSharing(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Turn off sharing…" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page
    .getByRole("button", { name: /^Show the QR code/ })
    .first()
    .click();
  await expectAccessible(page);
  await page.goto(`${lan.local}/trust`);
  await expect(page.getByText("valid until")).toBeVisible();
  for (const steps of await page.locator("summary").all())
    if (!(await steps.evaluate((one) => one.closest("details")!.open))) await steps.click();
  await expectAccessible(page);
});
