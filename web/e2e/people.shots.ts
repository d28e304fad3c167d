import { test } from "./fixtures";
import { shoot } from "./shoot";

test("people", async ({ chat, browser }) => {
  const { page, appliance } = chat;
  const { request } = page;
  for (const [name, role] of [
    ["Ben", "member"],
    ["Anna Katharina von Hohenstein-Lauenburg", "admin"],
  ])
    await request.post(`${appliance.address}/api/people`, {
      data: { name, role, password: "another quiet harbour" },
    });
  await request.post(`${appliance.address}/api/invitations`, {
    data: { note: "for the new one in accounting" },
  });
  await page.goto(`${appliance.address}/settings/people`);
  await page.getByRole("button", { name: "More for Ben" }).waitFor();
  await shoot(page, "people");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  await shoot(page, "people-invite");
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByRole("dialog").locator("code").innerText();
  await shoot(page, "people-link");
  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await other.getByRole("heading", { name: "You are invited" }).waitFor();
  await shoot(other, "people-invited");
});
