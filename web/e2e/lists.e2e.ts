import { expect, test } from "./fixtures";

test("conversations and messages are read page by page", async ({ chat }) => {
  test.setTimeout(120_000);
  const { page } = chat;
  const { address } = chat.appliance;
  for (let i = 0; i < 90; i++) {
    await page.request.post(`${address}/api/conversations`, { data: { title: `Listed ${i}` } });
  }
  await chat.useModel("echo");
  await chat.ask("question 0");
  await chat.finished();
  const conversation_id = new URL(page.url()).pathname.replace("/c/", "");
  for (let i = 1; i < 60; i++) {
    // A stream ends with its answer.
    const sent = await page.request.post(`${address}/api/chat`, {
      headers: { Accept: "text/event-stream" },
      data: { conversation_id, content: `question ${i}`, model: "box/echo" },
    });
    expect(sent.status()).toBe(200);
  }
  await page.reload();
  await expect(chat.lastAnswer).toHaveText("question 59");
  const pages: string[] = [];
  page.on("request", (request) => {
    if (/messages\?before=/.test(request.url())) pages.push(request.url());
  });
  await page.locator(".messages").hover();
  const first = page.locator("article.user", {
    has: page.getByText("question 0", { exact: true }),
  });
  await expect(async () => {
    await page.mouse.wheel(0, -100_000);
    await expect(first).toBeInViewport({ timeout: 200 });
  }).toPass();
  await expect(page.locator(".older")).toHaveCount(0);
  expect(pages).toHaveLength(2);

  const list = page.locator(".conversations");
  for (let i = 0; i < 4; i++) {
    await list.evaluate((box) => (box.scrollTop = box.scrollHeight));
    await page.waitForTimeout(200);
  }
  await expect(page.getByRole("link", { name: "Listed 0", exact: true })).toBeVisible();
});

test("what is being read stays in place when older messages arrive", async ({ chat }) => {
  const { page } = chat;
  const messages = await page.request.get(`${chat.appliance.address}/api/conversations?limit=200`);
  const { items } = await messages.json();
  const long = items.find((one: { title: string }) => one.title === "question 0");
  await page.goto(`${chat.appliance.address}/c/${long.id}`);
  await expect(page.locator(".older")).toBeAttached();
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/messages?*before=*", async (route) => {
    await held;
    await route.continue();
  });
  await page.locator(".messages").evaluate((box) => (box.scrollTop = 300));
  const row = page.locator("article").nth(4);
  await page.waitForTimeout(400);
  const id = await row.getAttribute("data-id");
  const before = await row.boundingBox();
  const arrived = page.waitForResponse(/messages\?before=/);
  release();
  await arrived;
  await page.waitForTimeout(200);
  const after = await page.locator(`article[data-id="${id}"]`).boundingBox();
  expect(Math.abs(after!.y - before!.y)).toBeLessThan(40);
});
