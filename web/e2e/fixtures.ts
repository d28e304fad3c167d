import { type BrowserContext, expect, type Page, test as plain } from "@playwright/test";
import { startEndpoint, startServer, temporaryFolder } from "./appliance";

export const NAME = "Ada";
export const PASSWORD = "a quiet harbour";

export interface Appliance {
  address: string;
  endpoint: string;
  dataDir?: string;
}

interface WorkerFixtures {
  /** Tests that name one have an appliance of their own, with nothing of others in it. */
  alone: string;
  appliance: Appliance;
}

interface TestFixtures {
  /** Signed in as the owner, on an empty chat. */
  chat: Chat;
  /** Watches every page of the test for script errors, policy reports and foreign requests. */
  watch: void;
}

export const test = plain.extend<TestFixtures, WorkerFixtures>({
  alone: ["", { scope: "worker", option: true }],

  appliance: [
    async ({ alone: _ }, use) => {
      const folder = temporaryFolder();
      const endpoint = await startEndpoint();
      const server = await startServer({ dataDir: folder.path, endpoint: endpoint.found });
      const link = new URL(server.found);
      await createOwner(link);
      await use({ address: link.origin, endpoint: endpoint.found, dataDir: folder.path });
      await server.stop();
      await endpoint.stop();
      folder.remove();
    },
    { scope: "worker", timeout: 180_000 }, // else the first test pays for the start out of its own time
  ],

  watch: [
    async ({ context }, use) => {
      const faults: string[] = [];
      watchContext(context, faults);
      await use();
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],

  chat: async ({ page, appliance }, use) => {
    await enter(page, appliance);
    // What the test before wrote and did not send would be here too.
    await page.request.put(`${appliance.address}/api/drafts/new`, { data: { text: "" } });
    await open(page, appliance);
    await use(new Chat(page, appliance));
  },
});

export { expect } from "@playwright/test";

async function createOwner(link: URL) {
  const token = link.hash.replace("#setup=", "");
  const response = await fetch(new URL("/api/setup", link), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, name: NAME, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(await response.text());
  // Tests ask one thing of many conversations; those of memory switch it on.
  const off = await fetch(new URL("/api/memory", link), {
    method: "PATCH",
    headers: {
      "Content-Type": "application/json",
      Cookie: response.headers
        .getSetCookie()
        .map((one) => one.split(";")[0])
        .join("; "),
    },
    body: JSON.stringify({ enabled: false }),
  });
  if (!off.ok) throw new Error(await off.text());
}

export async function signIn(page: Page, appliance: Appliance) {
  await enter(page, appliance);
  await open(page, appliance);
}

const enter = (page: Page, appliance: Appliance) =>
  page.request.post(`${appliance.address}/api/auth/login`, {
    data: { email: NAME, password: PASSWORD },
  });

async function open(page: Page, appliance: Appliance) {
  await page.goto(`${appliance.address}/`);
  await expect(page.locator(".composer textarea")).toBeVisible();
}

const elsewhere = (url: URL, here: URL) => url.origin !== here.origin;

/** `isForeign` says which requests of a page are a fault. */
export function watchContext(
  context: BrowserContext,
  faults: string[],
  isForeign: (url: URL, here: URL) => boolean = elsewhere,
) {
  context.on("page", (page) => {
    let here: URL | null = null;
    page.on("framenavigated", (frame) => {
      if (frame === page.mainFrame() && frame.url().startsWith("http")) here = new URL(frame.url());
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (here && url.protocol.startsWith("http") && isForeign(url, here))
        faults.push(`request to ${url.origin}`);
    });
    page.on("response", (response) => {
      if (response.status() === 500) faults.push(`500 from ${response.url()}`);
    });
    page.on("pageerror", (error) => faults.push(`script error: ${error.stack ?? error}`));
    page.on("console", (message) => {
      // Refused requests are part of many tests; what they mean is checked there.
      const refused = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !refused) faults.push(`console: ${message.text()}`);
    });
  });
}

/** What a person sees of a chat, in their words. */
export class Chat {
  constructor(
    readonly page: Page,
    readonly appliance: Appliance,
  ) {}

  get box() {
    return this.page.getByRole("textbox", { name: "Message", exact: true });
  }
  get stopButton() {
    return this.page.getByRole("button", { name: "Stop" });
  }
  get answers() {
    return this.page.locator("article.assistant");
  }
  get lastAnswer() {
    return this.answers.last().locator(".answer");
  }

  /** A model name is a script of the endpoint, so it need not be in the list. */
  async useModel(script: string) {
    const model = { id: `box/${script}`, name: script, endpoint: "box", local: false, note: "" };
    await this.page.route("**/api/models", (route) =>
      route.fulfill({ json: { items: [model], next: null } }),
    );
    await this.page.reload();
    await expect(this.page.getByRole("combobox", { name: "Model" })).toHaveValue(model.id);
    // Nothing is sent before the conversation is read.
    await expect(this.page.locator(".messages[aria-busy=true]")).toHaveCount(0);
  }

  async ask(text: string) {
    const asked = this.page.locator("article.user");
    const before = await asked.count();
    await this.box.fill(text);
    await this.box.press("Enter");
    // It shows a moment later; one that is refused or waits does not, and the test says what it expects then.
    await expect(asked)
      .not.toHaveCount(before, { timeout: 1_000 })
      .catch(() => {});
  }

  async finished() {
    await expect(this.page.locator("article")).not.toHaveCount(0);
    await expect(this.page.getByRole("button", { name: "Send" })).toBeVisible({ timeout: 30_000 });
  }

  /** The answer as the server stored it. */
  async stored(): Promise<{ text: string; status: string }> {
    const id = new URL(this.page.url()).pathname.replace("/c/", "");
    const response = await this.page.request.get(
      `${this.appliance.address}/api/conversations/${id}/messages`,
    );
    const last = (await response.json()).items.at(-1);
    const text = last.parts.map((part: { text: string }) => part.text).join("");
    return { text, status: last.answer.status };
  }
}

/** Two scripts of the endpoint to be asked at once. */
export async function compare(chat: Chat, first: string, second: string) {
  const models = [first, second].map((name) => ({
    id: `box/${name}`,
    name,
    endpoint: "box",
    local: false,
    note: "",
    images: false,
  }));
  await chat.page.route("**/api/models", (route) =>
    route.fulfill({ json: { items: models, next: null } }),
  );
  await chat.page.reload();
  await chat.page.getByRole("button", { name: "Compare" }).click();
  await chat.page.getByRole("radio", { name: second }).check();
  await chat.page.keyboard.press("Escape");
}
