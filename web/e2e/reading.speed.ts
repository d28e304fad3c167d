// What a conversation of 5,000 messages costs while an answer streams into it and somebody types. Printed, not judged:
// a busy machine is slower. `npm --prefix web run speed`
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { longTalk } from "./longTalk";

const MESSAGES = Number(process.env.MESSAGES ?? 5000);
const ANSWER = "say?tokens=2000&rate=50";

interface Watched {
  tasks: number[];
  keys: number[];
}

/** Counts tasks over 50 ms, and for each key the time until what it did is on screen. */
async function watch(page: Page) {
  await page.evaluate(() => {
    const watched: Watched = ((window as unknown as { watched: Watched }).watched = {
      tasks: [],
      keys: [],
    });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.tasks.push(duration);
    }).observe({ type: "longtask" });
    addEventListener(
      "keydown",
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          // Comes right after the frame is painted.
          port1.onmessage = () => watched.keys.push(performance.now() - timeStamp);
          port2.postMessage(null);
        }),
      { capture: true },
    );
  });
}

const forget = (page: Page) =>
  page.evaluate(() => {
    const { watched } = window as unknown as { watched: Watched };
    watched.tasks.length = watched.keys.length = 0;
  });

async function report(page: Page, what: string) {
  const { tasks, keys } = await page.evaluate(
    () => (window as unknown as { watched: Watched }).watched,
  );
  const sorted = keys.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  const over = tasks.filter((one) => one > 100).map(Math.round);
  console.log(
    `${what}: ${tasks.length} tasks over 50 ms, ${over.length} over 100 ms [${over}]; ` +
      `${keys.length} keys, to paint p50 ${at(0.5)} p95 ${at(0.95)} max ${at(1)} ms`,
  );
}

test(`${MESSAGES} messages, an answer at 50 tokens/s, and typing`, async ({ chat }) => {
  test.setTimeout(900_000);
  const { page, appliance } = chat;
  const id = await longTalk(page, appliance, MESSAGES);
  await chat.useModel(ANSWER);
  await page.goto("about:blank");
  const began = Date.now();
  await page.goto(`${appliance.address}/c/${id}`);
  await expect(page.locator("article").last()).toBeVisible();
  console.log(`opened in ${Date.now() - began} ms`);
  await watch(page);
  const list = page.locator(".messages");
  const reading = Date.now();
  while (await page.locator(".older").count()) {
    await list.evaluate((box) => box.scrollTo(0, 0));
    await page.waitForTimeout(30);
  }
  console.log(
    `all read in ${Date.now() - reading} ms, ${await page.locator("article").count()} drawn`,
  );
  await report(page, "while older messages are read");
  await forget(page);
  for (let screen = 0; screen < 150; screen++) {
    await list.evaluate((box) => box.scrollBy(0, 700));
    await page.waitForTimeout(16);
  }
  for (const share of [0.9, 0.1, 0.7, 0.3, 0.5]) {
    await list.evaluate((box, share) => (box.scrollTop = box.scrollHeight * share), share);
    await page.waitForTimeout(200);
  }
  await report(page, "while it is scrolled through");
  await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.waitForTimeout(1000);

  for (const pinned of [true, false]) {
    await chat.box.fill("Talk");
    await forget(page);
    await chat.box.press("Enter");
    await expect(chat.stopButton).toBeVisible();
    if (!pinned) await list.evaluate((box) => box.scrollBy(0, -3000));
    await chat.box.pressSequentially("the quick brown fox jumps over", {
      delay: 150,
    });
    await report(page, pinned ? "pinned to the end" : "scrolled up");
    await chat.stopButton.click();
    await chat.finished();
    await chat.box.fill("");
  }
});
