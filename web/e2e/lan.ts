// A network of its own, in a namespace: the appliance, the model it asks, and browsers as on other devices.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, expect, type Page } from "@playwright/test";
import { addUser, start, startEndpoint, startServer, temporaryFolder } from "./appliance";
import { NAME, PASSWORD, test as plain, watchContext } from "./fixtures";

export const ADDRESS = "192.168.77.1";
const ADDRESS_6 = "fd77::1";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Two ends of a cable in one namespace: enough for an address that is not the machine's own loopback. */
const CABLE = `
set -e
ip link set lo up
ip link add lan0 type veth peer name lan1
ip addr add ${ADDRESS}/24 dev lan0
ip addr add ${ADDRESS_6}/64 dev lan0 nodad
ip link set lan0 up
ip link set lan1 up
echo laid by $$
exec sleep infinity
`;

export interface Lan {
  /** As opened on the machine itself. */
  local: string;
  /** As opened from another device. */
  remote: string;
  port: string;
  browser: Browser;
  /** A browser context of the test, watched for faults. */
  device: (options?: { ignoreHTTPSErrors?: boolean }) => Promise<BrowserContext>;
}

interface Wire {
  server: URL;
  browser: Browser;
}

export const test = plain.extend<{ lan: Lan }, { wire: Wire }>({
  wire: [
    async ({}, use) => {
      const folder = temporaryFolder();
      const cable = await start(["unshare", "-rn", "sh", "-c", CABLE], /laid by (\d+)/);
      const prefix = ["nsenter", "-t", cable.found, "-U", "-n", "--preserve-credentials"];
      const endpoint = await startEndpoint(prefix);
      const dataDir = join(folder.path, "data");
      const server = await startServer({ dataDir, endpoint: endpoint.found, port: 8484, prefix });
      const program = join(folder.path, "chromium");
      writeFileSync(program, `#!/bin/sh\nexec ${prefix.join(" ")} ${CHROMIUM} "$@"\n`);
      chmodSync(program, 0o755);
      const browser = await chromium.launch({
        executablePath: program,
        args: [
          "--no-sandbox",
          "--disable-gpu",
          `--host-resolver-rules=MAP gantry.local ${ADDRESS}`,
        ],
      });
      await createOwner(browser, server.found);
      for (const role of ["admin", "member"]) addUser(dataDir, role, role, PASSWORD);
      await use({ server: new URL(server.found), browser });
      await browser.close();
      await server.stop();
      await endpoint.stop();
      await cable.stop("SIGKILL");
      folder.remove();
    },
    { scope: "worker", timeout: 180_000 },
  ],

  lan: async ({ wire }, use) => {
    const { server, browser } = wire;
    const faults: string[] = [];
    const devices: BrowserContext[] = [];
    const device: Lan["device"] = async (options) => {
      const context = await browser.newContext({ locale: "en-GB", ...options });
      // The page about the certificate tries the encrypted port of the same host.
      watchContext(context, faults, (url, here) => url.hostname !== here.hostname);
      devices.push(context);
      return context;
    };
    const remote = `http://${ADDRESS}:${server.port}`;
    await use({ local: server.origin, remote, port: server.port, browser, device });
    for (const one of devices) await one.close();
    // Chromium says so of every page that is not encrypted.
    const found = faults.filter((one) => !one.includes("Cross-Origin-Opener-Policy"));
    expect(found).toEqual([]);
  },
});

async function createOwner(browser: Browser, link: string) {
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByLabel("Your name").fill(NAME);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  await page.close();
}

/** A page signed in at this address of the appliance, as the owner if nobody else is named. */
export async function signedIn(lan: Lan, origin: string, name = NAME): Promise<Page> {
  const page = await (await lan.device()).newPage();
  await page.goto(origin);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  return page;
}

/** A page of the owner on the machine itself, with the switch as wanted. */
export async function shared(lan: Lan, wanted: { lan: boolean; https: boolean }): Promise<Page> {
  const page = await signedIn(lan, lan.local);
  const body = JSON.stringify({ ...wanted, password: PASSWORD });
  const answer = await page.evaluate(async (body) => {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("/api/network", { method: "POST", headers, body });
    return response.status;
  }, body);
  expect(answer).toBe(200);
  return page;
}

export async function openSharing(page: Page) {
  await page.goto(new URL("/settings/network", page.url()).href);
  await expect(page.getByRole("heading", { name: /^Sharing/ })).toBeVisible();
}
