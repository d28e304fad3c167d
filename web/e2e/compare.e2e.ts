// One question to two models, side by side; the answer that is kept is gone on with, the other one is a version.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { compare, expect, test } from "./fixtures";

const side = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

test("two answers are written side by side, and one is kept", async ({ chat }) => {
  const { page } = chat;
  await compare(chat, "echo?rate=5", "say?tokens=40&rate=20&seed=3");
  await chat.ask("Which of you two is better at this question of mine");
  const [left, right] = [side(page, "echo?rate=5"), side(page, "say?tokens=40&rate=20&seed=3")];
  await expect(left.locator(".answer")).toContainText("Which of");
  await expect(right.locator(".answer")).not.toBeEmpty();
  await expect(left.getByRole("button", { name: /^Stop/ })).toBeVisible();
  await expect(left.getByRole("button", { name: /^Stop/ })).toHaveCount(0, { timeout: 15_000 });
  await expect(right.getByRole("button", { name: /^Stop/ })).toHaveCount(0, { timeout: 15_000 });
  await expectAccessible(page);
  const kept = await right.locator(".answer").textContent();
  await right.getByRole("button", { name: /^Keep/ }).click();
  await expect(left).toHaveCount(0);
  await expect(chat.lastAnswer).toHaveText(kept!);
  await expect(page.getByRole("group", { name: "Versions" })).toContainText("2/2");
  await chat.ask("Go on");
  await chat.finished();
  await expect(page.locator("article")).toHaveCount(4);
  await page.reload();
  await expect(page.locator("article.assistant").first().locator(".answer")).toHaveText(kept!);
  await page.getByRole("button", { name: "Previous version" }).first().click();
  await expect(chat.lastAnswer).toContainText("Which of you two");
});

test("each of two answers is stopped alone, and Stop ends both", async ({ chat }) => {
  const { page } = chat;
  await compare(chat, "say?tokens=2000&rate=20&seed=1", "say?tokens=2000&rate=20&seed=2");
  await chat.ask("One");
  const [left, right] = [1, 2].map((n) => side(page, `say?tokens=2000&rate=20&seed=${n}`));
  await expect(right!.locator(".answer")).not.toBeEmpty();
  await right!.getByRole("button", { name: /^Stop/ }).click();
  await expect(right!.getByText("Stopped")).toBeVisible();
  await expect(left!.getByRole("button", { name: /^Stop/ })).toBeVisible();
  await left!.getByRole("button", { name: /^Keep/ }).click();
  await expect(left!).toHaveCount(0);
  await chat.stopButton.click();
  await chat.finished();

  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("radio").last().check();
  await page.keyboard.press("Escape");
  await chat.ask("Two");
  await expect(right!.locator(".answer")).not.toBeEmpty();
  await expect(left!.locator(".answer")).not.toBeEmpty();
  await page.locator(".composer").getByRole("button", { name: "Stop" }).click();
  await expect(page.locator(".compared").getByText("You stopped this answer.")).toHaveCount(2);
});
