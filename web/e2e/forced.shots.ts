// Pictures in forced colours, as people with low vision set them: SHOTS=folder npm run shots -- forced
import { expect, test } from "./fixtures";
import {
  enableMemory,
  fact,
  forgetEverything,
  graphOf,
  remembered,
  say,
  SAID,
  serveFacts,
} from "./memory";
import { folder } from "./shoot";

test("forced colours", async ({ chat }) => {
  const { page } = chat;
  const { address } = chat.appliance;
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  const shot = (name: string) => page.screenshot({ path: `${folder}/90-forced-${name}.png` });
  await forgetEverything(chat);
  await enableMemory(chat);
  await say(chat, SAID, 3);
  await remembered(chat, 1);
  await page.goto(address);
  await chat.useModel("say?tokens=30&rate=0");
  await chat.ask("Where do I live, and who is my manager?");
  await chat.finished();
  await page.getByRole("button", { name: "Details" }).last().click();
  await shot("chat");
  await page.getByRole("button", { name: "What the model saw" }).click();
  await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
  await shot("context");
  await page.route("**/api/facts/graph", (route) => route.fulfill({ json: graphOf(13) }));
  await serveFacts(page, [
    fact(1, "Maybe", { status: "suggested" }),
    fact(2, "You live in Bern", { status: "pinned" }),
  ]);
  await page.goto(`${address}/settings/memory`);
  await expect(page.getByText("Maybe").first()).toBeVisible();
  await shot("facts");
  await page.goto(`${address}/settings/memory?view=graph`);
  await page.getByRole("button", { name: /^Anna/ }).click();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("Maybe").first()).toBeVisible();
  await shot("graph");
  await page.goto(`${address}/library`);
  await shot("library");
});
