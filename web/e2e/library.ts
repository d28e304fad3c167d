import type { Page } from "@playwright/test";
import type { MadeFile } from "./files";
import type { Source } from "../src/types";
import { type Chat, expect } from "./fixtures";

/** What a person does in the library. */
export class Library {
  constructor(
    readonly page: Page,
    readonly address: string,
  ) {}

  row(name: string) {
    return this.page.locator(".document").filter({ hasText: name });
  }
  link(name: string) {
    return this.row(name).getByRole("link", { name });
  }

  async open() {
    await this.page.goto(`${this.address}/library`);
    await expect(this.page.getByRole("heading", { name: "All documents" })).toBeVisible();
  }

  async add(...files: MadeFile[]) {
    await this.page.getByLabel("Files to add").setInputFiles(files);
    for (const { name } of files) await expect(this.link(name)).toBeVisible({ timeout: 60_000 });
  }

  async delete(name: string) {
    await this.page.getByRole("button", { name: `More for ${name}` }).click();
    await this.page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(this.row(name)).toHaveCount(0);
  }
}

export const libraryOf = (chat: Chat) => new Library(chat.page, chat.appliance.address);

export const picker = (page: Page) => page.getByRole("button", { name: /^Answer from/ });

export async function chooseAll(page: Page) {
  await picker(page).click();
  await page.getByRole("radio", { name: "All my documents" }).check();
  await page.keyboard.press("Escape");
  await expect(picker(page)).toContainText("All my documents");
}

/** The sources of the last answer, as the server stored them. */
export async function sources(chat: Chat): Promise<Source[]> {
  const id = new URL(chat.page.url()).pathname.replace("/c/", "");
  const response = await chat.page.request.get(
    `${chat.appliance.address}/api/conversations/${id}/messages`,
  );
  const { parts } = (await response.json()).items.at(-1);
  return parts.flatMap((part: { items?: Source[] }) => part.items ?? []);
}

export async function markedText(page: Page): Promise<string> {
  await expect(page.locator("mark").first()).toBeInViewport();
  return (await page.locator(".document-text mark").allTextContents()).join("");
}

export const WRITING = { timeout: 120_000 };

/** The model is so small that it does not find the words every time: one cited answer of these must come. */
const QUESTIONS = [
  "Who will repair the workshop roof?",
  "With which code does the barrier at the south gate open?",
  "By whom will the workshop roof be repaired?",
  "How many days of paid annual leave does a full-time employee have?",
];

/** What stands in the documents where the answers to these stand. */
export const SAID = /roof|4471|annual leave/;

/** Asked of all documents, in a conversation of its own. */
export async function ask(chat: Chat, question: string) {
  const { page } = chat;
  await page.getByRole("link", { name: "Library" }).click();
  await page.getByRole("button", { name: "Ask" }).click();
  await expect(picker(page)).toContainText("All my documents");
  await chat.ask(question);
  await expect(chat.lastAnswer).toContainText(/\w/, WRITING);
  await expect(page.getByRole("button", { name: "Send" })).toBeVisible(WRITING);
}

/** The first citation in an answer to one of the questions. */
export async function cited(chat: Chat) {
  for (const question of QUESTIONS) {
    await ask(chat, question);
    await expect(chat.page.locator(".sources")).toBeVisible();
    const citation = chat.lastAnswer.locator(".citation").first();
    if (await citation.count()) return citation;
  }
  throw new Error("No answer has a citation");
}
