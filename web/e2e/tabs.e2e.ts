import { Chat, expect, test } from "./fixtures";

const TABS = 8;

test("eight tabs that each watch an answer are all usable", async ({ chat, context }) => {
  test.setTimeout(180_000);
  const { appliance } = chat;
  const chats: Chat[] = [];
  for (let n = 0; n < TABS; n++) {
    const page = await context.newPage();
    await page.goto(`${appliance.address}/`);
    const tab = new Chat(page, appliance);
    await tab.useModel("say?tokens=4000&rate=20&seed=" + n);
    await tab.ask(`Tell me more, ${n}`);
    await expect(tab.lastAnswer).toContainText(/\w{3}/);
    chats.push(tab);
  }
  for (const { page, lastAnswer } of chats) {
    await page.bringToFront();
    const took = await page.evaluate(async () => {
      const began = performance.now();
      await fetch("/health");
      return performance.now() - began;
    });
    expect(took).toBeLessThan(5_000);
    const length = async () => (await lastAnswer.innerText()).length;
    const before = await length();
    await expect.poll(length).toBeGreaterThan(before);
  }
  for (const tab of chats) {
    await tab.page.bringToFront();
    await tab.stopButton.click();
    await tab.finished();
    await tab.useModel("echo");
    await tab.ask("And now?");
    await expect(tab.lastAnswer).toHaveText("And now?");
  }
});
