// Pictures of the panel and the meter: SHOTS=folder npm run shots -- context
import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

const piece = (kind: string, tokens: number, text: string, label = "") => ({
  ...{ kind, tokens, text, label },
  ...{ ref: "", document_id: null },
});

test("what the model saw", async ({ chat }) => {
  const { page } = chat;
  await page.route("**/api/answers/*/context", (route) =>
    route.fulfill({
      json: {
        ...{ window: 4096, exact: true, prompt_tokens: 3140, cached_tokens: 2210, gather_ms: 14 },
        left_out: { messages: 12, memories: 0, sources: 2, characters: 0 },
        segments: [
          piece("system", 60, "You are a patient colleague who answers in plain words."),
          piece(
            "summary",
            240,
            "The old warehouse is left by the end of March; Paula has the keys.",
          ),
          piece("memory", 120, "Invoices go to Paula.", "Plan the move"),
          piece("history", 420, "When do we have to be out of the old warehouse?", "user"),
          piece("history", 730, "By the end of March, says the lease.", "assistant"),
          piece(
            "document",
            820,
            "The lease ends on 31 March. ".repeat(20),
            "Lease of the old warehouse.pdf",
          ),
          piece(
            "document",
            560,
            "Leave is 27 days.",
            "A handbook with quite a long name, as they are.docx",
          ),
          piece("document", 70, ""),
          piece("question", 80, "And what does it cost if we stay a week longer?", "user"),
          piece("template", 40, ""),
        ],
      },
    }),
  );
  await chat.useModel("say?tokens=60&rate=0");
  await chat.ask("And what does it cost if we stay a week longer?");
  await chat.finished();
  await page.getByRole("button", { name: "Details" }).last().click();
  await shoot(page, "30-context-details");
  await page.getByRole("button", { name: "What the model saw" }).click();
  await expect(page.getByRole("dialog")).toContainText("Lease");
  await page.locator("summary", { hasText: "Lease" }).click();
  await shoot(page, "31-context-panel");
});
