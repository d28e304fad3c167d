import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

test("what the model saw is told piece by piece, by keyboard too", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("say?tokens=20&seed=1");
  await chat.ask("How deep is the harbour?");
  await chat.finished();
  await chat.ask("And the old one?");
  await chat.finished();
  await page.getByRole("button", { name: "Details" }).last().click();
  const opener = page.getByRole("button", { name: "What the model saw" });
  await opener.press("Enter");
  const panel = page.getByRole("dialog", { name: "What the model saw" });
  await expect(panel.getByRole("listitem")).toHaveCount(4);
  await expect(panel).toContainText("estimated");
  await panel.locator("summary", { hasText: "Your question" }).press("Enter");
  await expect(panel.getByText("And the old one?")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test("the meter says how full the window is, and more when it is nearly full", async ({ chat }) => {
  const { page } = chat;
  const seen = (window: number) => ({
    window,
    exact: true,
    prompt_tokens: 700,
    cached_tokens: 640,
    gather_ms: 12,
    left_out: { messages: 3, memories: 0, sources: 0, characters: 0 },
    segments: [
      { kind: "question", tokens: 660, ref: "", text: "Q", label: "", document_id: null },
      { kind: "template", tokens: 40, ref: "", text: "", label: "", document_id: null },
    ],
  });
  let window = 7200;
  await page.route("**/api/answers/*/context", (route) => route.fulfill({ json: seen(window) }));
  await chat.useModel("say?tokens=20&seed=1");
  await chat.ask("Talk");
  await chat.finished();
  const meter = page.getByRole("button", { name: /^Context/ });
  await expect(meter).toHaveText("Context 10% full");
  window = 900;
  await chat.ask("More");
  await chat.finished();
  await expect(meter).toHaveText("Context 80% full: older messages will soon be left out");
  await meter.click();
  const panel = page.getByRole("dialog");
  await expect(panel).toContainText(
    "700 of 900 tokens · counted by the engine · 640 kept from the turn before (91%)",
  );
  await expect(panel).toContainText("3 older messages");
});
