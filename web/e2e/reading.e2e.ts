// How answers are read: formulas, code, tables, notes.
import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

const FORMULAS = [
  "Euler says $e^{i\\pi} + 1 = 0$, and \\(a^2\\) is no price like $5 or $10.",
  "",
  "$$",
  "\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}",
  "$$",
  "",
  "but $\\frac{1$ is not closed.",
].join("\n");

test("LaTeX is drawn as MathML while the answer streams, prices stay", async ({ chat }) => {
  await chat.useModel("echo?rate=60");
  await chat.ask(FORMULAS);
  await chat.finished();
  await expect(chat.lastAnswer.locator("math")).toHaveCount(3);
  await expect(chat.lastAnswer.locator("math[display=block] msqrt")).toHaveCount(1);
  await expect(chat.lastAnswer).toContainText("like $5 or $10");
  await expect(chat.lastAnswer.locator("code")).toHaveText("$\\frac{1$");
  await expectAccessible(chat.page);
});

test("what is copied of a formula is its LaTeX", async ({ chat, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await chat.useModel("echo");
  await chat.ask("First $x^2$ here.\n\n\\[ \\frac{a}{b} \\]");
  await chat.finished();
  await expect(chat.lastAnswer.locator("math")).toHaveCount(2);
  await chat.lastAnswer.evaluate((answer) => getSelection()!.selectAllChildren(answer));
  await chat.page.keyboard.press("ControlOrMeta+c");
  const copied = await chat.page.evaluate(() => navigator.clipboard.readText());
  expect(copied.trim()).toBe("First $x^2$ here.\n\n\\[ \\frac{a}{b} \\]");
});

test("a formula nested beyond reason leaves the others drawn", async ({ chat }) => {
  await chat.useModel("echo");
  const nested = "\\sqrt{".repeat(400) + "x" + "}".repeat(400);
  await chat.ask(`Before $a$ $${nested}$ after $b$`);
  await chat.finished();
  await expect(chat.lastAnswer.locator("math").first()).toBeVisible();
  await expect(chat.lastAnswer.locator("math").last()).toContainText("b");
});
