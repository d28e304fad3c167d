// What a screen reader finds in the accessibility tree, and what it says by itself.
import type { Page } from "@playwright/test";
import { startServer, temporaryFolder } from "./appliance";
import { text } from "./files";
import { type Chat, expect, test } from "./fixtures";
import { listen } from "./walk";

const CONTROLS =
  /^(button|link|textbox|searchbox|combobox|checkbox|radio|switch|slider|spinbutton|menuitem|option|tab|progressbar|dialog|navigation|region|group|form)$/;

/** Role, name and level of all that is in the tree, in its order. */
async function tree(page: Page) {
  const lines = (await page.locator("body").ariaSnapshot()).split("\n");
  return lines.flatMap((line) => {
    const found = /^\s*- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?(?:.*\[level=(\d)\])?/.exec(line);
    return found ? [{ role: found[1]!, name: found[2] ?? "", level: Number(found[3] ?? 0) }] : [];
  });
}

/** One main, all navigation and controls named, one heading of the first level and none left out below it. */
async function expectInOrder(page: Page) {
  const nodes = await tree(page);
  const nameless = nodes.filter(({ role, name }) => CONTROLS.test(role) && !name.trim());
  expect(nameless, "without a name").toEqual([]);
  expect(nodes.filter(({ role }) => role === "main")).toHaveLength(1);
  const places = nodes.filter(({ role }) => role === "navigation").map(({ name }) => name);
  expect(new Set(places).size, "navigation is told apart").toBe(places.length);
  const main = await page.getByRole("main").ariaSnapshot();
  const levels = [...main.matchAll(/^\s*- '?heading .*\[level=(\d)\]/gm)].map((one) => +one[1]!);
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  levels.forEach((level, at) => {
    const above = at === 0 ? 0 : levels[at - 1]!;
    expect(level - above, `heading ${at + 1} of ${levels}`).toBeLessThanOrEqual(1);
  });
}

async function open(chat: Chat, path: string, shown: string) {
  await chat.page.goto(`${chat.appliance.address}${path}`);
  await expect(chat.page.getByRole("heading", { name: shown }).first()).toBeVisible();
  await expect(chat.page.locator("[aria-busy=true]")).toHaveCount(0);
}

test("signing up: every field is named and described, and what is wrong is said", async ({
  page,
  appliance,
}) => {
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path, endpoint: appliance.endpoint });
  try {
    await page.goto(`${new URL(server.found).origin}/#setup=wrong`);
    await expect(page.getByRole("main")).toMatchAriaSnapshot(`
      - heading "Welcome" [level=1]
      - text: Your name
      - textbox "Your name"
      - text: Password
      - textbox "Password"
      - button "Create account"
    `);
    await expectInOrder(page);
    const heard = await listen(page);
    await page.goto(`${new URL(server.found).origin}/#setup=guess`);
    const password = page.getByRole("textbox", { name: "Password" });
    await expect(password).toHaveAccessibleDescription(/At least 8 characters/);
    await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
    await password.fill("a quiet harbour");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("alert")).toContainText(/\w/);
    expect(await heard()).toContainEqual(expect.stringMatching(/^alert: .*\w/));
  } finally {
    await server.stop();
    folder.remove();
  }
});

test("a chat: question and answer are articles of a feed, and all around them is named", async ({
  chat,
}) => {
  const { page } = chat;
  await chat.useModel("echo?rate=0");
  await expectInOrder(page);
  await chat.ask("# A heading of the answer\n\nAnd a [link](https://example.org).");
  await chat.finished();
  await expectInOrder(page);
  const feed = page.getByRole("feed", { name: "Messages" });
  await expect(feed.getByRole("article", { name: "You asked" })).toHaveCount(1);
  const answer = feed.getByRole("article", { name: "Answer" });
  await expect(answer.getByRole("heading", { name: "A heading of the answer" })).toBeVisible();
  await expect(answer).toMatchAriaSnapshot(`
    - button "Copy answer"
    - button "Regenerate"
    - button "Branch into a new conversation"
    - button "Details"
  `);
});

test("an answer says that it begins, what it says, and how it ended", async ({ chat }) => {
  const { page } = chat;
  const heard = await listen(page);
  await chat.useModel("echo?rate=20");
  await chat.ask("The first sentence stands here. And the last");
  await chat.finished();
  expect(await heard()).toEqual([
    "status: Waiting for the model",
    "status: The first sentence stands here.",
    "status: And the last Answer complete",
  ]);
  await chat.useModel("say?tokens=400&rate=20");
  await chat.ask("Go on");
  await expect(chat.lastAnswer).toContainText(/\w/);
  await chat.stopButton.click();
  await chat.finished();
  expect((await heard()).at(-1)).toMatch(/Answer stopped$/);
});

test("a failed answer and an unsent question are said with their reason", async ({ chat }) => {
  const { page } = chat;
  const heard = await listen(page);
  await chat.useModel("fault?kind=http-401");
  await chat.ask("Fail");
  await chat.finished();
  await expect(page.locator(".ending")).toContainText(/key/i);
  expect((await heard()).at(-1)).toMatch(/^status: The answer failed.*key/i);
  await page.route("**/api/chat", (route) => route.abort());
  await chat.ask("This is not lost");
  await expect(page.getByRole("alert")).toBeVisible();
  expect(await heard()).toContainEqual(expect.stringMatching(/^alert: .*cannot be reached/));
});

test("the library: documents are a list, and it is said what was read and what could not be", async ({
  chat,
}) => {
  const { page } = chat;
  const heard = await listen(page);
  await open(chat, "/library", "All documents");
  await expectInOrder(page);
  const files = page.getByLabel("Files to add");
  await files.setInputFiles([text("spoken.txt", "A note to be heard.")]);
  await expect(page.getByRole("link", { name: "spoken.txt" })).toBeVisible({ timeout: 30_000 });
  await expect.poll(heard, { timeout: 30_000 }).toContain("status: spoken.txt is ready");
  await expectInOrder(page);
  const row = page.getByRole("listitem").filter({ hasText: "spoken.txt" });
  await expect(row.getByRole("button", { name: "More for spoken.txt" })).toBeVisible();
  await files.setInputFiles([
    { name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\ncut off") },
  ]);
  await expect
    .poll(heard, { timeout: 30_000 })
    .toContainEqual(expect.stringMatching(/^status: broken\.pdf could not be read/));
});

test("settings: groups have names, sections have headings, and saving is said", async ({
  chat,
}) => {
  const { page } = chat;
  const heard = await listen(page);
  await open(chat, "/settings", "Settings");
  await expect(page.getByText("This one")).toBeVisible();
  await expectInOrder(page);
  for (const name of ["Theme", "Contrast", "Text size"])
    await expect(
      page.getByRole("group", { name }).getByRole("radio", { checked: true }),
    ).toHaveCount(1);
  await page.getByLabel("Display name").fill("Ada Lovelace");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect.poll(heard).toContain("status: Saved");
  await page.getByLabel("Display name").fill("");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByRole("link", { name: "Settings of Ada", exact: true })).toBeVisible();
});

for (const [path, shown] of [
  ["/settings/people", "People"],
  ["/settings/personas", "Personas"],
  ["/settings/prompts", "Prompts"],
  ["/settings/memory", "Memory"],
  ["/settings/conversations", "Archived and deleted"],
  ["/settings/network", "Share on the network"],
] as const) {
  test(`${shown}: the tree is in order`, async ({ chat }) => {
    await open(chat, path, shown);
    await expectInOrder(chat.page);
  });
}
