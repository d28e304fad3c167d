// What is being written is found on another device, and leaves nothing behind where it is not to.
import type { Page } from "@playwright/test";
import { Chat, expect, signIn, test } from "./fixtures";

const kept = async (chat: Chat, place = "new") =>
  (await (await chat.page.request.get(`${chat.appliance.address}/api/drafts/${place}`)).json())
    .text;

/** As when its window comes to the front. */
const lookAt = (page: Page) => page.evaluate(() => void dispatchEvent(new Event("focus")));

test("a draft goes on, on another device, and is gone everywhere once it is sent", async ({
  chat,
  browser,
}) => {
  const context = await browser.newContext({ locale: "en-GB" });
  const other = new Chat(await context.newPage(), chat.appliance);
  await chat.box.fill("Half a thought");
  await expect.poll(() => kept(chat)).toBe("Half a thought");

  await signIn(other.page, chat.appliance);
  await expect(other.box).toHaveValue("Half a thought");
  await other.box.press("End");
  await other.box.pressSequentially(", finished");
  await expect.poll(() => kept(chat)).toBe("Half a thought, finished");

  await lookAt(chat.page);
  await expect(chat.box).toHaveValue("Half a thought, finished");
  await other.box.press("Enter");
  await other.finished();
  await expect.poll(() => kept(chat)).toBe("");
  await lookAt(chat.page);
  await expect(chat.box).toHaveValue("");
  await context.close();
});

test("what was written without a network is kept when it is back", async ({ chat }) => {
  await chat.page.route("**/api/drafts/*", (route) => route.abort());
  await chat.box.fill("Written in a tunnel");
  await chat.page.waitForRequest("**/api/drafts/new");
  await chat.page.unroute("**/api/drafts/*");
  await chat.page.reload();
  await expect(chat.box).toHaveValue("Written in a tunnel");
  await expect.poll(() => kept(chat)).toBe("Written in a tunnel");
  await chat.box.fill("");
});

test("a temporary chat leaves no draft, here or there", async ({ chat }) => {
  const { page } = chat;
  await chat.box.fill("A secret");
  await expect.poll(() => kept(chat)).toBe("A secret");
  await page.getByRole("button", { name: "Temporary" }).click();
  await expect.poll(() => kept(chat)).toBe("");
  await expect(chat.box).toHaveValue("A secret");
  await chat.box.press("End");
  await chat.box.pressSequentially(" of mine");
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(await stored()).not.toContain("secret");
  await chat.box.press("Enter");
  await chat.finished();
  await chat.box.fill("Another secret");
  expect(await stored()).not.toContain("secret");
});
