import type { Page } from "@playwright/test";
import { type Running, startServer, temporaryFolder } from "./appliance";
import { Chat, expect, NAME, PASSWORD, signIn, test as signedIn } from "./fixtures";

interface Box {
  address: string;
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

/** A server of the test's own, to be switched off and on. */
const test = signedIn.extend<{ box: Box }>({
  box: async ({ page, appliance }, use) => {
    const folder = temporaryFolder();
    const { endpoint } = appliance;
    let running: Running | null = await startServer({ dataDir: folder.path, endpoint });
    const link = new URL(running.found);
    const setup = { name: NAME, password: PASSWORD, token: link.hash.slice(7) };
    await page.request.post(`${link.origin}/api/setup`, { data: setup });
    const stop = async () => {
      await running?.stop("SIGKILL");
      running = null;
    };
    const start = async () => {
      running = await startServer({ dataDir: folder.path, endpoint, port: Number(link.port) });
    };
    await signIn(page, { address: link.origin, endpoint });
    await use({ address: link.origin, stop, start });
    await stop();
    folder.remove();
  },
});

test.use({ serviceWorkers: "allow" });

/** Everything that was loaded is kept. */
const kept = (page: Page) =>
  expect
    .poll(() =>
      page.evaluate(async () => {
        const names = (await (await caches.open("assets")).keys()).map(({ url }) => url);
        const all = performance.getEntriesByType("resource").map(({ name }) => name);
        const missing = all.filter((url) => url.includes("/assets/") && !names.includes(url));
        const shell = await (await caches.open("shell")).match("/");
        return shell && navigator.serviceWorker.controller ? missing : ["nothing"];
      }),
    )
    .toEqual([]);

const away = (page: Page) => page.getByRole("heading", { name: "The server cannot be reached" });
const welcome = (page: Page) => page.getByRole("heading", { name: `Hello, ${NAME}` });

test("the page opens without its server, says so, and goes on when it is back", async ({
  page,
  box,
}) => {
  await expect(welcome(page)).toBeVisible();
  await kept(page);
  await box.stop();
  await page.goto(`${box.address}/settings`);
  await expect(away(page)).toBeVisible();
  await box.start();
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible({ timeout: 15_000 });
});

test("after an update of the appliance its new page is shown, and nothing of the old is kept", async ({
  page,
  box,
}) => {
  await kept(page);
  await page.evaluate(async () => {
    const html = { headers: { "Content-Type": "text/html" } };
    await (await caches.open("shell")).put("/", new Response("<h1>The old page</h1>", html));
    await (await caches.open("assets")).put("/assets/old.js", new Response("old"));
  });
  await page.reload();
  await expect(welcome(page)).toBeVisible();
  await kept(page);
  const old = await page.evaluate(async () => {
    const shell = await (await (await caches.open("shell")).match("/"))!.text();
    return [shell.includes("old page"), !!(await caches.match("/assets/old.js"))];
  });
  expect(old).toEqual([false, false]);
});

test("a message sent while the server is away stays, and is sent when it is back", async ({
  page,
  box,
  appliance,
}) => {
  const chat = new Chat(page, { ...appliance, address: box.address });
  const banner = page.getByRole("status").filter({ hasText: "Connection lost. Reconnecting…" });
  await expect(chat.box).toBeVisible();
  await box.stop();
  await chat.ask("are you there?");
  await expect(banner).toBeVisible();
  await expect(chat.box).toHaveValue("are you there?", { timeout: 20_000 });
  await box.start();
  await expect(banner).toHaveCount(0, { timeout: 15_000 });
  await expect(chat.box).toHaveValue("are you there?");
  await chat.box.press("Enter");
  await chat.finished();
  await expect(page.locator("article.user")).toHaveCount(1);
});

test("a plain address does without a worker", async ({ page, box }) => {
  await page.addInitScript(() =>
    Object.defineProperty(window, "isSecureContext", { value: false }),
  );
  await page.evaluate(async () => {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  });
  await page.goto(`${box.address}/settings`);
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible();
  const workers = await page.evaluate(() => navigator.serviceWorker.getRegistrations());
  expect(workers).toHaveLength(0);
});
