// Messages that are written while an answer is, wait for its end.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

const waiting = (page: Page) => page.getByRole("region", { name: "Waiting to be sent" });
const questions = (page: Page) => page.locator("article.user .plain-text");

test("what is sent while an answer is written waits for its end, also over a reload", async ({
  chat,
}) => {
  const { page } = chat;
  await chat.useModel("say?tokens=100&rate=20");
  await chat.ask("One");
  await expect(chat.lastAnswer).not.toBeEmpty();
  await chat.ask("Two");
  await expect(waiting(page)).toContainText("Two");
  await chat.ask("Three");
  await expect(chat.box).toHaveValue("");
  await expect(waiting(page).getByRole("listitem")).toHaveCount(2);
  await page.reload();
  await expect(waiting(page).getByRole("listitem")).toHaveCount(2);
  await expect(questions(page)).toHaveText(["One", "Two", "Three"], { timeout: 30_000 });
  await expect(waiting(page)).toHaveCount(0);
  await chat.finished();
  await page.reload();
  await expect(questions(page)).toHaveText(["One", "Two", "Three"]);
});

test("one that waits is changed, removed, or sent at once", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("say?tokens=2000&rate=20");
  await chat.ask("One");
  await expect(chat.lastAnswer).not.toBeEmpty();
  for (const text of ["Two", "Three", "Four"]) {
    await chat.ask(text);
    await expect(waiting(page)).toContainText(text);
  }
  await waiting(page).getByRole("button", { name: "Remove" }).first().click();
  await waiting(page).getByRole("button", { name: "Edit" }).first().click();
  await expect(chat.box).toHaveValue("Three");
  await waiting(page).getByRole("button", { name: "Send now" }).click();
  await expect(questions(page)).toHaveText(["One", "Four"]);
  await expect(page.getByText("Stopped").first()).toBeVisible();
  await chat.stopButton.click();
  await expect(chat.box).toHaveValue("Three");
});

test("after an answer that failed nothing is sent by itself", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("fault?kind=error-event&after=40&rate=20");
  await chat.ask("One");
  await expect(chat.lastAnswer).not.toBeEmpty();
  await chat.ask("Two");
  await expect(waiting(page)).toContainText("The answer did not end well", { timeout: 20_000 });
  await expect(questions(page)).toHaveText(["One"]);
  await expectAccessible(page);
  await waiting(page).getByRole("button", { name: "Send now" }).click();
  await expect(questions(page)).toHaveText(["One", "Two"]);
});

test("Escape stops an answer", async ({ chat }) => {
  await chat.useModel("say?tokens=2000&rate=20");
  await chat.ask("One");
  await expect(chat.lastAnswer).not.toBeEmpty();
  await chat.box.press("Escape");
  await chat.finished();
  expect((await chat.stored()).status).toBe("stopped");
});

test("Control and Enter sends where that is chosen, and Enter begins a line", async ({ chat }) => {
  const { page } = chat;
  await page.goto(`${chat.appliance.address}/settings`);
  await page.getByRole("radio", { name: "Ctrl + Enter" }).check();
  await page.goto(chat.appliance.address);
  await chat.box.fill("One");
  await chat.box.press("Enter");
  await chat.box.pressSequentially("Two");
  await expect(chat.box).toHaveValue("One\nTwo");
  await chat.box.press("Control+Enter");
  await chat.finished();
  await expect(questions(page)).toHaveText(["One\nTwo"]);
});
