// The single file on a local network, and a browser on a second host of it, which is a network namespace of its own.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { python, READY, type Running, start, temporaryFolder } from "../appliance";
import { expect, NAME, PASSWORD, test } from "../fixtures";
import { WRITING } from "../library";
import { folder as shots } from "../shoot";
import { addresses } from "./trace";

const BOX = "10.77.0.1";
const GUEST = "10.77.0.2";
const PORT = 8484;
const SWITCHED = 3000; // ms a switch may take
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const DATA = ["--data-dir", "/data/lan"];
const trace = `${process.env.TRACE}.lan`;
const root = resolve(import.meta.dirname, "../../..");

/** The single file as `enter` has put it, with these words. */
const command = (...words: string[]) => [
  "env",
  `TRACE=${trace}`,
  join(import.meta.dirname, "serve"),
  ...words,
  ...DATA,
];

const CABLE = (guest: string) => `
set -e
ip link add lan0 type veth peer name lan0 netns ${guest}
ip addr add ${BOX}/24 dev lan0
ip link set lan0 up
nsenter -t ${guest} -n ip addr add ${GUEST}/24 dev lan0
nsenter -t ${guest} -n ip link set lan0 up
`;

const RESOLVE = `
import asyncio
from gantry_edge.appliance.mdns import resolve
print(*asyncio.run(resolve("gantry.local", ["${GUEST}"])))
`;

/** The second host: a browser with a home of its own, which knows a name once the network has told it. */
class Guest {
  readonly home = temporaryFolder();
  private browser: Browser | null = null;

  constructor(private readonly namespace: Running) {}

  private get prefix() {
    return ["nsenter", "-t", this.namespace.found, "-n"];
  }

  run(...words: string[]): string {
    const env = { ...process.env, HOME: this.home.path, PYTHONPATH: join(root, "src") };
    const [first, ...rest] = [...this.prefix, ...words];
    return execFileSync(first!, rest, { env, encoding: "utf8" }).trim();
  }

  /** What multicast DNS says. */
  find = () => this.run(python, "-c", RESOLVE).split(" ");

  /** A browser started anew; `name` is where gantry.local is. */
  async open(name?: string): Promise<Page> {
    await this.browser?.close();
    const program = join(this.home.path, "chromium");
    const line = ["exec", "env", `HOME=${this.home.path}`, ...this.prefix, CHROMIUM, '"$@"'];
    writeFileSync(program, `#!/bin/sh\n${line.join(" ")}\n`);
    chmodSync(program, 0o755);
    const args = ["--no-sandbox", "--disable-gpu"];
    if (name) args.push(`--host-resolver-rules=MAP gantry.local ${name}`);
    this.browser = await chromium.launch({ executablePath: program, args });
    return this.browser.newPage({ locale: "en-GB", viewport: { width: 1280, height: 800 } });
  }

  /** What "Import" of the browser's certificate manager does. */
  trust(file: string) {
    const store = join(this.home.path, ".pki/nssdb");
    mkdirSync(store, { recursive: true });
    this.run("certutil", "-d", `sql:${store}`, "-N", "--empty-password");
    this.run("certutil", "-d", `sql:${store}`, "-A", "-n", "gantry", "-t", "C,,", "-i", file);
  }

  async leave() {
    await this.browser?.close();
    await this.namespace.stop("SIGKILL");
    this.home.remove();
  }
}

async function layCable(): Promise<Guest> {
  const words = "ip link set lo up; echo here $$; exec sleep infinity";
  const namespace = await start(["unshare", "--net", "sh", "-c", words], /here (\d+)/);
  execFileSync("sh", ["-c", CABLE(namespace.found)]);
  return new Guest(namespace);
}

const refused = (page: Page) =>
  expect(page.goto(`http://${BOX}:${PORT}/`)).rejects.toThrow("ERR_CONNECTION_REFUSED");

async function signIn(page: Page) {
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
}

test("a second host is kept out, let in, finds the name, trusts the certificate and chats", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const guest = await layCable();
  const words = command("serve", "--port", String(PORT), "--no-browser");
  const server = await start(words, READY);
  try {
    const program = (...words: string[]) => {
      const [first, ...rest] = command(...words);
      execFileSync(first!, rest);
    };
    let other = await guest.open();
    program("lan", "on"); // before there is an owner it opens nothing
    await page.waitForTimeout(SWITCHED);
    await refused(other);
    program("lan", "off");

    await page.goto(server.found);
    await page.getByLabel("Your name").fill(NAME);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
    await refused(other);

    await page.goto(`http://127.0.0.1:${PORT}/settings/network`);
    await page.getByRole("button", { name: "Turn on sharing…" }).click();
    await page.getByLabel("Offer HTTPS too").check();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn on sharing", exact: true }).click();
    const link = page.getByRole("link", { name: "https://gantry.local" });
    await expect(link).toBeVisible();
    const encrypted = (await link.getAttribute("href"))!;
    await page.screenshot({ path: join(shots, "lan-1-shared.png") });

    const found = guest.find();
    expect(found).toEqual([BOX]);
    other = await guest.open(found[0]);
    await other.goto(`http://gantry.local:${PORT}/`);
    await signIn(other);
    await other.screenshot({ path: join(shots, "lan-2-plain.png") });

    await other.goto(`http://gantry.local:${PORT}/trust`);
    await expect(other.getByText("does not trust the certificate yet")).toBeVisible();
    const file = join(guest.home.path, "gantry-edge.crt");
    const downloading = other.waitForEvent("download");
    await other.getByRole("link", { name: "gantry-edge.crt" }).first().click();
    await (await downloading).saveAs(file);
    await expect(other.goto(encrypted)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
    guest.trust(file);

    other = await guest.open(found[0]);
    await other.goto(`http://gantry.local:${PORT}/trust`);
    await expect(other.getByText("There is nothing left to do here")).toBeVisible();
    await other.screenshot({ path: join(shots, "lan-3-trusted.png") });
    await other.getByRole("link", { name: "Open the encrypted page" }).click();
    await other.waitForURL(`${new URL(encrypted).origin}/**`);
    expect(await other.evaluate(() => isSecureContext)).toBe(true);
    await signIn(other);
    await other.getByRole("textbox", { name: "Message" }).fill("Say hello in one short sentence.");
    await other.keyboard.press("Enter");
    const answer = other.locator("article.assistant .answer");
    await expect(answer).toContainText(/\w/, WRITING);
    await expect(other.getByRole("button", { name: "Send" })).toBeVisible(WRITING);
    await other.screenshot({ path: join(shots, "lan-4-chat.png") });
  } finally {
    await server.stop();
    await guest.leave();
  }
  const near = /^(127\.|10\.77\.0\.|224\.0\.0\.251$|0\.0\.0\.0$|::1?$|fe80:|ff02::fb$)/;
  expect(addresses(trace)).toContain("224.0.0.251");
  expect(addresses(trace).filter((address) => !near.test(address))).toEqual([]);
});
