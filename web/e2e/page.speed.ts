// How soon a question can be typed, and what is loaded for it: npm run speed -- page
import { type BrowserContext, type CDPSession, type Page } from "@playwright/test";
import { expect, signIn, test } from "./fixtures";

const TIMES = Number(process.env.TIMES ?? 20);

/** Of the page's main thread, however many others share the processor. */
async function processorTime(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
}

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
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  if (warm) await untilTyped(page, address);
  const took: number[] = [];
  const worked: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    if (!warm) await devtools.send("Network.clearBrowserCache");
    await page.goto("about:blank");
    const before = await processorTime(devtools);
    took.push(await untilTyped(page, address));
    const after = await processorTime(devtools);
    // A process of its own counts from nothing.
    worked.push(after < before ? after : after - before);
  }
  const first = await loaded(page);
  await page.close();
  return { took, worked, ...first };
}

test("how soon a question can be typed", async ({ page, appliance }) => {
  await signIn(page, appliance);
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  const rows = [];
  for (const slower of [1, 4]) {
    for (const warm of [false, true]) {
      const { took, worked, bytes, requests } = await measure(
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
        "processor ms, median": Math.round(median(worked)),
        requests,
        KB: Math.round(bytes / 1024),
      });
    }
  }
  console.table(rows);
});
