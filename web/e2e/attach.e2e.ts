// Long texts and files go with a message; the message stays readable and the page quick.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, test, type Chat } from "./fixtures";

const chips = (page: Page) => page.locator(".composer").getByRole("list", { name: "Attachments" });

const paste = (chat: Chat, text: string) =>
  chat.box.evaluate((area, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
  }, text);

const drop = (chat: Chat, name: string, type: string, body: string) =>
  chat.page.locator("main .view").evaluate(
    (view, [name, type, body]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([body!], name!, { type }));
      view.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true, bubbles: true }));
    },
    [name, type, body],
  );

test.beforeEach(async ({ chat }) => {
  await expect(chat.page.getByRole("button", { name: "Attach files" })).toBeVisible();
});

test("a long text that is pasted becomes an attachment, which the model is told", async ({
  chat,
}) => {
  const { page } = chat;
  await chat.useModel("echo?rate=0");
  await expect(page.getByRole("button", { name: "Attach files" })).toBeVisible();
  const long = "The harbour is calm. ".repeat(300);
  await paste(chat, long);
  await expect(chips(page).getByText("Pasted text")).toBeVisible();
  await expect(chat.box).toHaveValue("");
  await expectAccessible(page);
  await page.reload();
  await expect(chips(page).getByText("Pasted text")).toBeVisible();
  await chips(page)
    .getByRole("button", { name: /^Pasted text/ })
    .click();
  await expect(page.getByRole("dialog").locator("pre")).toContainText("The harbour is calm.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Close" }).click();
  await chat.ask("Sum this up");
  await chat.finished();
  await expect(chips(page)).toHaveCount(0);
  await expect(chat.lastAnswer).toContainText("Attachment “Pasted text”:");
  const asked = page.locator("article.user").last();
  await expect(asked.locator(".bubble")).toHaveText("Sum this up");
  await asked.getByRole("button", { name: /^Pasted text/ }).click();
  await expect(page.getByRole("dialog").locator("pre")).toContainText("The harbour is calm.");
  await page.getByRole("button", { name: "Close" }).click();
  // Written anew, it still goes along.
  await asked.hover();
  await page.getByRole("button", { name: "Edit" }).last().click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("Sum it up shortly");
  await page.getByRole("textbox", { name: "Edit message" }).press("Enter");
  await chat.finished();
  await expect(chat.lastAnswer).toContainText("Sum it up shortly");
  await expect(chat.lastAnswer).toContainText("Attachment “Pasted text”:");
  await page.reload();
  await expect(page.locator("article.user").getByText("Pasted text")).toBeVisible();
});

test("a text that is attached can go into the message instead", async ({ chat }) => {
  const { page } = chat;
  const long = "Calm. ".repeat(1000);
  await paste(chat, long);
  await chips(page)
    .getByRole("button", { name: /^Pasted text/ })
    .click();
  await page.getByRole("button", { name: "Put into the message instead" }).click();
  await expect(chat.box).toHaveValue(long);
  await expect(chips(page)).toHaveCount(0);
});

test("a megabyte is pasted without a pause", async ({ chat }) => {
  const { page } = chat;
  await page.evaluate(() => {
    const found: number[] = [];
    Object.assign(window, { pauses: found });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) found.push(entry.duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  await paste(chat, "All is calm here. ".repeat(55_000));
  await expect(chips(page).getByText("990,000 characters")).toBeVisible();
  const pauses = await page.evaluate(() => (window as unknown as { pauses: number[] }).pauses);
  console.log("long tasks, ms:", pauses);
});

test("a text file that is dropped is attached, a document is offered to the library", async ({
  chat,
}) => {
  const { page } = chat;
  await drop(chat, "notes.md", "text/markdown", "# Notes\nBring a lamp.");
  await expect(chips(page).getByText("notes.md")).toBeVisible();
  await drop(chat, "plan.rtf", "application/rtf", "{\\rtf1 The lighthouse keeper is Ben.}");
  const offer = page.getByRole("region", { name: "Documents" });
  await expect(offer).toContainText("Put plan.rtf into your library, and ask about it?");
  await expectAccessible(page);
  await offer.getByRole("button", { name: "Add to library" }).click();
  await expect(offer).toHaveCount(0);
  await expect(page.locator(".pickers")).toContainText("1 document");
  await chips(page).getByRole("button", { name: "Remove notes.md" }).click();
});

test("what goes with a message is not lost when it cannot be sent", async ({ chat }) => {
  const { page } = chat;
  await paste(chat, "Calm. ".repeat(1000));
  await page.route("**/api/chat", (route) =>
    route.fulfill({ status: 409, json: { status: 409, code: "conflict", detail: "Not now." } }),
  );
  await chat.ask("Look");
  await expect(page.getByText("Not now.")).toBeVisible();
  await expect(chat.box).toHaveValue("Look");
  await expect(chips(page).getByText("Pasted text")).toBeVisible();
  await chips(page).getByRole("button", { name: "Remove Pasted text" }).click();
});
