// How soon a question can be typed, and what is loaded for it: npm run speed -- page
import { type BrowserContext, type Page } from "@playwright/test";
import { expect, signIn, test } from "./fixtures";

const TIMES = 20;

const median = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

/** From the navigation until the box takes what is typed, by the page's own clock. */
async function untilTyped(page: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: "commit" });
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        const look = () => {
          const box = document.querySelector<HTMLTextAreaElement>("textarea");
          if (box && !box.disabled) done(performance.now());
          else setTimeout(look, 1);
        };
        look();
      }),
  );
}

interface Loaded {
  bytes: number;
  requests: number;
}

async function loaded(page: Page): Promise<Loaded> {
  await page.waitForLoadState("networkidle");
  return page.evaluate(() => {
    const all = [
      ...performance.getEntriesByType("navigation"),
      ...performance.getEntriesByType("resource"),
    ] as PerformanceResourceTiming[];
    return { bytes: all.reduce((sum, one) => sum + one.transferSize, 0), requests: all.length };
  });
}

async function measure(context: BrowserContext, address: string, slower: number, warm: boolean) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slower });
  if (warm) await untilTyped(page, address);
  const took: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    if (!warm) await devtools.send("Network.clearBrowserCache");
    await page.goto("about:blank");
    took.push(await untilTyped(page, address));
  }
  const first = await loaded(page);
  await page.close();
  return { took, ...first };
}

test("how soon a question can be typed", async ({ page, appliance }) => {
  await signIn(page, appliance);
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  const rows = [];
  for (const slower of [1, 4]) {
    for (const warm of [false, true]) {
      const { took, bytes, requests } = await measure(
        page.context(),
        appliance.address,
        slower,
        warm,
      );
      rows.push({
        processor: slower === 1 ? "as it is" : `${slower} times slower`,
        cache: warm ? "warm" : "cold",
        "ms, median": Math.round(median(took)),
        "ms, longest": Math.round(Math.max(...took)),
        requests,
        KB: Math.round(bytes / 1024),
      });
    }
  }
  console.table(rows);
});
