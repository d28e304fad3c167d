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

const fenced = (language: string, code: string) => `Here:\n\n\`\`\`${language}\n${code}\n\`\`\``;

test("code for a page is shown in a frame of no origin, when somebody asks for it", async ({
  chat,
}) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask(
    fenced("html", "<h1>Hello</h1><script>document.write('<p>from a script')</script>"),
  );
  await chat.finished();
  await expect(page.locator("iframe")).toHaveCount(0);
  await page.getByRole("button", { name: "Preview" }).click();
  const frame = page.frameLocator("iframe");
  await expect(frame.getByRole("heading", { name: "Hello" })).toBeVisible();
  await expect(frame.getByText("from a script")).toBeVisible();
  expect(await frame.locator("body").evaluate(() => origin)).toBe("null");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Full screen" }).click();
  await expect(page.getByRole("dialog").locator("iframe")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.locator("iframe")).toHaveCount(0);
});

test("a diagram and a drawing are shown, and saved", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask(
    fenced("mermaid", "graph TD\n  A[Start] --> B{Sure?}\n  B -->|yes| C[Go]") +
      "\n\n" +
      fenced("svg", '<svg viewBox="0 0 40 20"><rect width="40" height="20" fill="teal"/></svg>'),
  );
  await chat.finished();
  for (const button of await page.getByRole("button", { name: "Preview" }).all())
    await button.click();
  const [diagram, drawing] = [
    page.frameLocator("iframe").nth(0),
    page.frameLocator("iframe").nth(1),
  ];
  await expect(diagram.locator("svg").getByText("Sure?")).toBeVisible({ timeout: 20_000 });
  await expect(drawing.locator("img")).toBeVisible();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).first().click();
  expect((await downloading).suggestedFilename()).toBe("diagram.svg");
});

test("what cannot be drawn says why", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask(fenced("mermaid", "graph TD\n  A[Start --> B"));
  await chat.finished();
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.locator(".preview-fault")).toContainText(/parse|expect/i, { timeout: 20_000 });
});
