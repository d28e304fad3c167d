import { test } from "./fixtures";
import { shoot } from "./shoot";

test.use({ alone: "console" });

test("the console", async ({ chat }) => {
  const { page, appliance } = chat;
  await chat.useModel("say?tokens=200&rate=0");
  for (const text of ["Hello", "Once more"]) {
    await chat.ask(text);
    await chat.finished();
  }
  for (const name of ["overview", "usage", "audit", "logs"]) {
    await page.goto(`${appliance.address}/settings/${name}`);
    await page.getByRole("heading", { level: 2 }).first().waitFor();
    await page.waitForTimeout(500);
    await shoot(page, `console-${name}`);
  }
});
