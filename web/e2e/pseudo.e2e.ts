import { type Chat, expect, test } from "./fixtures";
import { DOCUMENTS, fakeLibrary, SHELVES } from "./libraryFake";
import { CROWDED, fakeNetwork } from "./networkFake";
import { entity, fact, graphOf, serveFacts } from "./memory";
import { expectFits, expectTranslated, speakPseudo } from "./pseudo";

test.use({ locale: "ar", alone: "pseudo" });
test.setTimeout(120_000);

/** In both widths, in a language that is long and has no English letter. */
async function look({ page }: Chat, where: string, own: readonly string[] = []) {
  for (const size of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(null))));
    await expectTranslated(page, where, own);
    await expectFits(page, `${where} at ${size.width}`);
  }
}

async function open(chat: Chat, path: string, sign: string, own: readonly string[] = []) {
  await chat.page.setViewportSize({ width: 1280, height: 800 });
  await chat.page.goto(`${chat.appliance.address}${path}`);
  await expect(chat.page.locator(sign).first()).toBeVisible();
  await look(chat, path, own);
}

test.beforeEach(async ({ page }) => {
  await speakPseudo(page);
});

test("a chat says nothing past t(), and fits a phone in long words", async ({ chat }) => {
  const { page } = chat;
  const model = { id: "box/echo", name: "SmolLM2 135M", endpoint: "box", local: true, note: "" };
  await page.route("**/api/models", (route) => route.fulfill({ json: { items: [model] } }));
  await open(chat, "/", ".welcome li");
  await page.locator(".composer textarea").fill("12 + 30");
  await page.locator(".composer textarea").press("Enter");
  await expect(page.locator("article.assistant .actions")).toBeVisible();
  await look(chat, "an answer");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator("article.assistant .actions button").last().click();
  await expect(page.locator(".details")).toBeVisible();
  await look(chat, "its details");
  await page.locator(".details > button").click();
  await expect(page.locator(".context-panel")).toBeVisible();
  await look(chat, "what the model saw");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.locator("dialog.find [role=option]").first()).toBeVisible();
  await look(chat, "the palette");
});

test("the library says nothing past t(), and fits a phone in long words", async ({ chat }) => {
  const names = SHELVES.map(([, name]) => name);
  await fakeLibrary(
    chat.page,
    DOCUMENTS.map((one, at) => ({ ...one, name: `${at}.pdf`, warning: "", error: null })),
  );
  await open(chat, "/library", "li.document", names);
  await open(chat, "/library?collection=none", ".shelf h2", names);
});

const rooms = [
  ["/settings", ".settings-body section h2"],
  ["/settings/personas", ".settings-body h2"],
  ["/settings/prompts", ".settings-body"],
  ["/settings/conversations", ".settings-body h2"],
  ["/nowhere", ".notice-page h1"],
] as const;

for (const [path, sign] of rooms) {
  test(`${path} says nothing past t(), and fits a phone in long words`, async ({ chat }) => {
    await open(chat, path, sign);
  });
}

test("the form of a persona says nothing past t(), and fits a phone", async ({ chat }) => {
  await open(chat, "/settings/personas", ".settings-body h2");
  await chat.page.locator(".button.primary").first().click();
  await chat.page.locator("form details summary").click();
  await look(chat, "the form");
});

test("the network says nothing past t(), and fits a phone in long words", async ({ chat }) => {
  await fakeNetwork(chat.page, {
    ...CROWDED,
    addresses: CROWDED.addresses.slice(0, 1),
    problem: null,
  });
  await open(chat, "/settings/network", ".places", ["wlan0"]);
});

test("the memory says nothing past t(), and fits a phone in long words", async ({ chat }) => {
  const { page } = chat;
  const told = { ...fact(1, "123"), subject: { ...entity(1), name: "45", aliases: [] } };
  const sources = told.sources.map((one) => ({ ...one, words: "67", conversation_title: "89" }));
  await serveFacts(page, [{ ...told, sources }]);
  await open(chat, "/settings/memory", ".settings-body nav");
  await open(chat, "/settings/memory?view=conversations", ".settings-body h2");
  await page.route("**/api/graph*", (route) => route.fulfill({ json: graphOf(0) }));
  await open(chat, "/settings/memory?view=graph", ".settings-body h2");
});

test("who is signed out reads nothing past t()", async ({ chat }) => {
  await chat.page.context().clearCookies();
  await open(chat, "/", "main.account form");
});
