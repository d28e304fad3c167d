// A browser that writes down whatever it asks of the network, and pages that tell what ran or was refused in them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, expect, type Page } from "@playwright/test";
import { temporaryFolder } from "./appliance";
import { type Appliance, Chat, signIn } from "./fixtures";
import config from "../playwright.config";

/** Whom no page of ours may ask for, look up or get ready for. */
const EVIL = /[^"\s]*evil\.test[^"\s]*/gi;

export interface Witness {
  chat: Chat;
  page: Page;
  /** What ran, what a policy refused, what went wrong. */
  seen: string[];
}

/** Fails where anything happened that hostile text could have wanted; `allowed` by the policy of the page alone. */
export async function witness(
  appliance: Appliance,
  act: (witness: Witness) => Promise<void>,
  isAllowed: (what: string) => boolean = () => false,
) {
  const folder = temporaryFolder();
  const log = join(folder.path, "net.json");
  const { executablePath, args = [] } = config.use!.launchOptions!;
  const browser = await chromium.launch({
    executablePath,
    args: [...args, `--log-net-log=${log}`],
  });
  const seen: string[] = [];
  try {
    const context = await browser.newContext({
      locale: "en-GB",
      viewport: { width: 1280, height: 800 },
    });
    await context.exposeFunction("tellOf", (what: string) => seen.push(what));
    await context.addInitScript(() => {
      if (window !== top) return;
      const { tellOf } = window as unknown as { tellOf: (what: string) => void };
      document.addEventListener("securitypolicyviolation", (event) =>
        tellOf(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    const page = await context.newPage();
    page.on("dialog", (dialog) => {
      seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => seen.push(`error: ${error.stack ?? error}`));
    page.on("popup", (popup) => seen.push(`window: ${popup.url()}`));
    await signIn(page, appliance);
    await act({ chat: new Chat(page, appliance), page, seen });
  } finally {
    await browser.close();
  }
  const asked = readFileSync(log, "utf8").match(EVIL) ?? [];
  folder.remove();
  expect(seen.filter((what) => !isAllowed(what))).toEqual([]);
  expect(asked).toEqual([]);
}

/** From now on every text that the server sends to a new page is this one, whatever it was. */
export async function poison(page: Page, text: string) {
  await page.addInitScript((hostile) => {
    if (window !== top) return;
    const KEPT =
      /(^|_)(ids?|type|status|role|code|place|kind|visibility|state|next|reason|origin|predicate|sha256|url|address|interface|theme)$/;
    const ID = /^[0-9a-f-]{36}$/;
    const walk = (value: unknown, key: string): unknown => {
      if (typeof value === "string") return KEPT.test(key) || ID.test(value) ? value : hostile;
      if (Array.isArray(value)) return value.map((one) => walk(one, key));
      if (typeof value !== "object" || !value) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, walk(one, name)]),
      );
    };
    const real = window.fetch;
    window.fetch = async (...given) => {
      const answer = await real(...given);
      const { status, headers } = answer;
      if (!headers.get("Content-Type")?.includes("json")) return answer;
      return new Response(JSON.stringify(walk(await answer.json(), "")), { status, headers });
    };
  }, text);
}
