import { startServer, temporaryFolder } from "./appliance";
import { Chat, expect, signIn, test } from "./fixtures";

const words = Array.from({ length: 120 }, (_, at) => `word${at}`).join(" ");

test("reloading in the middle of an answer loses nothing", async ({ chat }) => {
  await chat.useModel("echo?rate=40");
  await chat.ask(words);
  for (const seen of ["word5 ", "word30 ", "word60 "]) {
    await expect(chat.lastAnswer).toContainText(seen);
    await chat.page.reload();
  }
  await expect(chat.stopButton).toBeVisible();
  await chat.finished();
  await expect(chat.lastAnswer).toHaveText(words);
  expect((await chat.stored()).text).toBe(words);
});

test("a second tab follows the same answer", async ({ chat, context }) => {
  await chat.useModel("echo?rate=40");
  await chat.ask(words);
  await expect(chat.lastAnswer).toContainText("word5 ");
  const second = new Chat(await context.newPage(), chat.appliance);
  await second.page.goto(chat.page.url());
  await expect(second.stopButton).toBeVisible();
  await Promise.all([chat.finished(), second.finished()]);
  await expect(chat.lastAnswer).toHaveText(words);
  await expect(second.lastAnswer).toHaveText(words);
});

test("leaving for another conversation and coming back", async ({ chat }) => {
  await chat.useModel("echo?rate=40");
  await chat.ask(words);
  await expect(chat.lastAnswer).toContainText("word5 ");
  await chat.page.getByRole("link", { name: "New chat" }).click();
  await expect(chat.answers).toHaveCount(0);
  await chat.page.goBack();
  await expect(chat.lastAnswer).toContainText("word20 ");
  await chat.finished();
  await expect(chat.lastAnswer).toHaveText(words);
});

test("a lost network is found again", async ({ chat, context }) => {
  await chat.useModel("echo?rate=40");
  let cut = true;
  // The connection breaks after the first events, as a dropped network does.
  await chat.page.route("**/api/chat", async (route) => {
    const response = await route.fetch({ timeout: 20_000 });
    const body = await response.text();
    await route.fulfill({ response, body: cut ? body.slice(0, 400) : body });
    cut = false;
  });
  await chat.ask("the answer comes in two parts and is whole in the end");
  await chat.finished();
  await expect(chat.lastAnswer).toHaveText("the answer comes in two parts and is whole in the end");
  await chat.page.unroute("**/api/chat");

  await context.setOffline(true);
  await chat.ask("sent without a network");
  await expect(chat.page.getByText("Reconnecting…")).toBeVisible();
  await context.setOffline(false);
  await expect(chat.lastAnswer).toHaveText("sent without a network");
  await chat.finished();
  await expect(chat.answers).toHaveCount(2);
});

test("a killed server: the answer says interrupted, and can be continued", async ({
  page,
  appliance,
}) => {
  const folder = temporaryFolder();
  const { endpoint } = appliance;
  const first = await startServer({ dataDir: folder.path, endpoint });
  const link = new URL(first.found);
  const setup = { name: "Ada", password: "a quiet harbour", token: link.hash.slice(7) };
  await page.request.post(`${link.origin}/api/setup`, { data: setup });
  const here = { address: link.origin, endpoint };
  await signIn(page, here);
  const chat = new Chat(page, here);
  await chat.useModel("say?tokens=300&rate=40");
  await chat.ask("Talk");
  await expect(chat.lastAnswer).toContainText(/\w/);
  await page.waitForTimeout(1000);
  await first.stop("SIGKILL");
  await expect(page.getByText("Reconnecting…")).toBeVisible();
  const second = await startServer({ dataDir: folder.path, endpoint, port: Number(link.port) });
  try {
    await expect(page.locator(".ending.broken")).toBeVisible({ timeout: 20_000 });
    expect((await chat.stored()).text.length).toBeGreaterThan(50);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(chat.stopButton).toBeVisible();
    await chat.finished();
    expect((await chat.stored()).status).toBe("done");
  } finally {
    await second.stop();
    folder.remove();
  }
});
