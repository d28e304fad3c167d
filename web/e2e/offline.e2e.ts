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
