// On a phone, by touch: everything fits, and everything is large enough for a finger.
import type { Page } from "@playwright/test";
import { text } from "./files";
import { type Chat, expect, NAME, PASSWORD, test } from "./fixtures";
import { picker } from "./library";
import { fakeLibrary } from "./libraryFake";

const SIZE = { width: 390, height: 844 };
const SMALLEST = 24;

test.use({ viewport: SIZE, hasTouch: true, isMobile: true, alone: "phone" });

/** Controls under the size; let off are links inside of a sentence, whose line gives the height. */
const tooSmall = (page: Page) =>
  page
    .locator("a[href], button, input, select, textarea, summary, [role=option]")
    .evaluateAll((all, smallest) => {
      const hidden = (one: Element) =>
        !one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
        one.closest(".visually-hidden, .skip-link, [inert]");
      const inSentence = (one: Element) =>
        one.matches("a") &&
        getComputedStyle(one).display === "inline" &&
        [...one.parentElement!.childNodes].some((node) => node !== one && node.textContent?.trim());
      return all.flatMap((one) => {
        if (hidden(one) || inSentence(one)) return [];
        // The words beside a box may be touched too.
        const target = one.closest("label") ?? one;
        const { width, height } = target.getBoundingClientRect();
        const large = Math.min(width, height) >= smallest - 0.01;
        return large ? [] : [`${one.outerHTML.slice(0, 120)} ${width}x${height}`];
      });
    }, SMALLEST);

async function expectFits(page: Page) {
  const width = await page.evaluate(() => document.scrollingElement!.scrollWidth);
  expect(width, "nothing runs out at the side").toBeLessThanOrEqual(SIZE.width);
  expect(await page.evaluate(() => visualViewport!.scale), "not zoomed out").toBe(1);
  expect(await tooSmall(page), "too small for a finger").toEqual([]);
}

/** Once it has slid in. */
const expectInside = (page: Page, selector: string) =>
  expect(async () => {
    const box = (await page.locator(selector).last().boundingBox())!;
    const { width, height } = page.viewportSize()!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(box.y + box.height).toBeLessThanOrEqual(height);
  }).toPass({ timeout: 5_000 });

async function open(chat: Chat, path: string, shown: string) {
  await chat.page.goto(`${chat.appliance.address}${path}`);
  await expect(chat.page.getByRole("heading", { name: shown }).first()).toBeVisible();
  await expect(chat.page.locator("[aria-busy=true]")).toHaveCount(0);
}

const openDrawer = async (page: Page) => {
  await page.getByRole("button", { name: "Conversations" }).tap();
  await expect(page.getByRole("dialog", { name: "Gantry Edge" })).toBeVisible();
};

test("signing in fits, also when it is refused", async ({ page, appliance }) => {
  await page.goto(appliance.address);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password").fill("not the password");
  await expectFits(page);
  await page.getByRole("button", { name: "Sign in" }).tap();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectFits(page);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).tap();
  await expect(page.getByRole("heading", { name: `Hello, ${NAME}` })).toBeVisible();
  await expectFits(page);
});

test("a chat fits: long words, tables and code scroll by themselves, the composer stays in view", async ({
  chat,
}) => {
  const { page } = chat;
  await chat.useModel("echo?rate=0");
  await chat.box.tap();
  await chat.box.fill(
    `${"x".repeat(300)}\n\n| a | b |\n|--|--|\n| ${"y".repeat(90)} | 2 |\n\n\`\`\`js\n${"z".repeat(200)}\n\`\`\`\n\n${"A line of text. ".repeat(120)}\n\n[A link](https://example.org) in a sentence.`,
  );
  await expectInside(page, ".composer-box");
  await page.getByRole("button", { name: "Send" }).tap();
  await chat.finished();
  await expectFits(page);
  await expectInside(page, ".composer-box");
  await page.getByRole("button", { name: "Details" }).last().tap();
  await expectFits(page);
  // What the keys on the screen leave of it.
  await page.setViewportSize({ width: SIZE.width, height: 430 });
  await expectInside(page, ".composer-box");
  const left = await page.locator(".messages").boundingBox();
  expect(left!.height).toBeGreaterThan(120);
});

test("what opens above the composer fits", async ({ chat }) => {
  const { page } = chat;
  await fakeLibrary(page);
  await page.reload();
  await picker(page).tap();
  await expect(page.getByRole("radio", { name: "No documents" })).toBeVisible();
  await expectInside(page, ".scope-panel");
  await expectFits(page);
});

test("the drawer opens, leads on, and closes; its menus fit", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo?rate=0");
  await chat.box.fill(`A touch ${"of a very long name ".repeat(8)}`);
  await page.getByRole("button", { name: "Send" }).tap();
  await chat.finished();
  await openDrawer(page);
  await expectFits(page);
  await page
    .getByRole("button", { name: /^More for A touch/ })
    .first()
    .tap();
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  await expectInside(page, ".menu-items:popover-open");
  await expectFits(page);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").getByRole("button", { name: "Search" }).tap();
  await expect(page.getByRole("combobox", { name: /Search/ })).toBeVisible();
  await expectInside(page, "dialog[open]");
  await expectFits(page);
});

test("a file is added by touch, and the list and the document fit", async ({ chat }) => {
  const { page } = chat;
  await open(chat, "/library", "All documents");
  await expectFits(page);
  const choosing = page.waitForEvent("filechooser");
  await expect(page.getByRole("button", { name: "Add files" })).toBeVisible();
  await page.getByRole("button", { name: "Add files" }).tap();
  const name = `${"a long name without a gap".replaceAll(" ", "_").repeat(4)}.txt`;
  await (await choosing).setFiles([text(name, "A note taken on the way.")]);
  await expect(page.getByRole("link", { name })).toBeVisible({ timeout: 30_000 });
  await expectFits(page);
  await page.getByRole("link", { name }).tap();
  await expect(page.getByText("A note taken on the way.")).toBeVisible();
  await expectFits(page);
});

test("settings fit, in the largest text too", async ({ chat }) => {
  const { page } = chat;
  await open(chat, "/settings", "Settings");
  await expect(page.getByText("This one")).toBeVisible();
  await expectFits(page);
  await page.getByRole("group", { name: "Text size" }).getByLabel("Larger").tap();
  await expectFits(page);
  await page.getByRole("group", { name: "Text size" }).getByLabel("Normal").tap();
});

test("people fit, and the dialog that invites", async ({ chat }) => {
  const { page } = chat;
  await open(chat, "/settings/people", "People");
  await expectFits(page);
  await page.getByRole("button", { name: "Invite somebody" }).tap();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectInside(page, "dialog[open]");
  await expectFits(page);
  await page.getByLabel("For whom").fill("for Ben");
  await page.getByRole("button", { name: "Make the link" }).tap();
  await expect(page.getByRole("dialog").locator("code")).toBeVisible();
  await expectInside(page, "dialog[open]");
  await expectFits(page);
  await page.getByRole("button", { name: "Done" }).tap();
});
