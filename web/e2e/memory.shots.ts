// Pictures of memory: SHOTS=folder npm run shots -- memory
import { expect, test } from "./fixtures";
import {
  enableMemory,
  entity,
  fact,
  forgetEverything,
  graphOf,
  remembered,
  say,
  SAID,
  serveFacts,
} from "./memory";
import { shoot } from "./shoot";

const place = (address: string, view = "") =>
  `${address}/settings/memory${view && `?view=${view}`}`;

test("memory with nothing in it", async ({ chat }) => {
  const { page } = chat;
  await forgetEverything(chat);
  await page.goto(place(chat.appliance.address));
  await expect(page.getByText("Nothing is known yet")).toBeVisible();
  await shoot(page, "70-memory-empty");
});

test("facts, graph and conversations", async ({ chat }) => {
  const { page } = chat;
  const { address } = chat.appliance;
  await forgetEverything(chat);
  await enableMemory(chat);
  await say(chat, SAID, 3);
  await remembered(chat, 1);
  await page.goto(place(address));
  await expect(page.getByText("You live in Bern").first()).toBeVisible();
  await shoot(page, "71-memory-real");
  await page.goto(place(address, "conversations"));
  await expect(page.getByRole("button", { name: /^Don’t use again/ })).toBeVisible();
  await shoot(page, "72-memory-conversations");
  await page.goto(place(address, "graph"));
  await page.getByRole("button", { name: /^Bern/ }).click();
  await expect(page.getByText("You live in Bern").first()).toBeVisible();
  await shoot(page, "73-memory-graph-small");

  await page.goto(address);
  await chat.useModel("say?tokens=30&rate=0");
  await page.getByTitle("Memory in this conversation").click();
  await shoot(page, "74-memory-picker", async () => {
    await page.waitForTimeout(200);
  });
  await page.keyboard.press("Escape");
  await chat.ask("Where do I live, and who is my manager?");
  await chat.finished();
  await expect(page.getByText(/^Remembered:/).first()).toBeVisible();
  await shoot(page, "75-chips");
  await page
    .getByRole("button", { name: /^What to do with/ })
    .first()
    .click();
  await shoot(page, "76-chip-menu");
  await forgetEverything(chat);
});

test("facts of every kind", async ({ chat }) => {
  const { page } = chat;
  await enableMemory(chat);
  const past = { valid_to: Date.UTC(2026, 2, 1), superseded_by: "x" };
  await serveFacts(page, [
    fact(0, "Anna Keller works at Hafenamt Basel", { status: "suggested", subject: entity(1) }),
    fact(1, `A rather long note about ${"the lease of the old warehouse ".repeat(6)}`, {
      status: "suggested",
    }),
    fact(2, "You live in Bern"),
    fact(3, "Invoices go to Paula", { status: "pinned", sources: [] }),
    fact(4, "You live in Basel", past),
    fact(5, "Anna Keller is your manager", { subject: entity(1) }),
    fact(6, "Lighthouse is due on 30 June", { subject: entity(4) }),
    fact(7, `${entity(6).name} works as notary`, { subject: entity(6) }),
    fact(8, "x".repeat(200)),
  ]);
  await page.goto(place(chat.appliance.address));
  await page.getByText("Earlier: 1").click();
  await page.getByRole("button", { name: "Not true" }).last().click();
  await shoot(page, "77-memory-facts");
  await shoot(page, "78-memory-facts-more", async () => {
    await page.getByText("As JSON").scrollIntoViewIfNeeded();
  });
});

test("graphs", async ({ chat }) => {
  const { page } = chat;
  await enableMemory(chat);
  await serveFacts(page, [fact(2, "You live in Bern"), fact(5, "Anna Keller is your manager")]);
  for (const count of [7, 60, 120]) {
    await page.route("**/api/facts/graph", (route) => route.fulfill({ json: graphOf(count) }));
    await page.goto(place(chat.appliance.address, "graph"));
    await expect(page.getByRole("button", { name: /^You/ })).toBeVisible();
    if (count === 60) await page.getByRole("button", { name: /^Anna/ }).click();
    await shoot(page, `79-graph-${count}`);
    await page.unroute("**/api/facts/graph");
  }
});
