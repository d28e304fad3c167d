// Hostile text in every place where text is shown: nothing runs, no policy has to step in, nobody else is asked.
import { expect, test } from "./fixtures";
import { fakeLibrary, SOURCES } from "./libraryFake";
import { enableMemory, forgetEverything, SAID, say } from "./memory";
import { lots, payloads } from "./payloads";
import { poison, witness } from "./witness";

test.use({ alone: "hostile" });

const LOTS = 8;
/** As it can be sent: without halves of characters. */
const whole = (text: string) => Buffer.from(text).toString().replaceAll("\u0000", "");
const headers = { Accept: "application/json" };

test("answers that are written character by character, and read again", async ({ appliance }) => {
  test.setTimeout(120_000);
  expect(new Set(payloads).size).toBeGreaterThan(300);
  await witness(appliance, async ({ chat, page }) => {
    await chat.useModel("echo?each=1&rate=4000");
    for (const lot of lots(LOTS)) {
      await page.goto(appliance.address);
      await chat.ask(`What of these?\n\n${whole(lot.join("\n\n"))}`);
      await expect(chat.lastAnswer).toContainText("What of these?");
      await chat.finished();
      await page.reload();
      await expect(chat.lastAnswer).toContainText("What of these?");
    }
  });
});

test("every text of every view", async ({ appliance }) => {
  test.setTimeout(180_000);
  await witness(appliance, async ({ chat, page }) => {
    await enableMemory(chat);
    await say(chat, SAID, 3);
    await chat.page.request.post(`${appliance.address}/api/personas`, {
      headers,
      data: { name: "Anybody", prompt: "Be brief.", description: "x", starters: ["Hello"] },
    });
    await page.request.post(`${appliance.address}/api/prompts`, {
      headers,
      data: { name: "Short", text: "Say it in {{number}} words." },
    });
    const started = await page.request.post(`${appliance.address}/api/chat`, {
      headers,
      data: { content: "Think", model: "box/think?tokens=40" },
    });
    const { conversation_id: id } = await started.json();
    await fakeLibrary(page);
    const views = [
      "",
      `c/${id}`,
      "library",
      `library/${SOURCES[0]!.document_id}?at=0-20`,
      "settings",
      "settings/network",
      "settings/personas",
      "settings/people",
      "settings/prompts",
      "settings/memory",
      "settings/memory/conversations",
      "settings/conversations",
    ];
    for (const [at, lot] of lots(LOTS).entries()) {
      const context = page.context();
      const view = await context.newPage();
      await fakeLibrary(view);
      await poison(view, `Lot${at} ${lot.join("\n\n")}`);
      for (const place of views) {
        await view.goto(`${appliance.address}/${place}`);
        await expect(view.locator("body")).toContainText(`Lot${at}`);
        await view.evaluate(() => {
          for (const fold of document.querySelectorAll("details")) fold.open = true;
        });
      }
      await view.goto(appliance.address);
      await expect(view.getByRole("textbox", { name: "Message" })).toBeVisible();
      await view.keyboard.press("ControlOrMeta+k");
      await view.getByRole("dialog").getByRole("combobox").fill("think");
      await expect(view.getByRole("dialog")).toContainText(`Lot${at}`);
      await view.close();
    }
    await forgetEverything(chat);
    await enableMemory(chat, false);
  });
});

test("what a person and an endpoint call things, stored and shown", async ({ appliance }) => {
  test.setTimeout(120_000);
  await witness(appliance, async ({ chat, page }) => {
    const post = (path: string, data: unknown) =>
      page.request.post(`${appliance.address}/api/${path}`, { headers, data });
    const stored: number[] = [];
    for (const [at, payload] of payloads.entries()) {
      const content = whole(payload).slice(0, 100);
      const asked = await post("chat", { content, model: "box/echo" });
      if (asked.status() === 202) stored.push(at);
      await post("collections", { name: content.replace(/\s+/g, " ").trim() || "x" });
    }
    expect(stored.length).toBeGreaterThan(300);
    // The name of a model is part of what its endpoint answers with.
    await post("chat", { content: "fault", model: "box/<img src=x onerror=alert(1)>" });
    await page.reload();
    await page.getByRole("link", { name: "fault" }).first().click();
    await expect(chat.answers.last().locator(".ending")).toBeVisible();
    // Only what is near is drawn: past all of them, to the first one.
    const list = page.locator(".conversations");
    for (let screen = 0; screen < 30; screen++) {
      await list.evaluate((element) => element.scrollBy(0, 500));
      await page.waitForTimeout(50);
    }
    await expect(list).toContainText("script");
    await page.goto(`${appliance.address}/library`);
    await expect(page.locator("main")).toContainText("script");
  });
});
