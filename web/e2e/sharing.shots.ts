import type { Page } from "@playwright/test";
import { test } from "./fixtures";
import { shoot } from "./shoot";

const PASSWORD = "another quiet harbour";

test("sharing", async ({ chat, browser }) => {
  const { page, appliance } = chat;
  const { request } = page;
  const api = (path: string) => `${appliance.address}/api${path}`;
  const ids: string[] = [];
  for (const name of ["Ben", "Anna Katharina von Hohenstein-Lauenburg"]) {
    const made = await request.post(api("/people"), { data: { name, password: PASSWORD } });
    ids.push((await made.json()).id);
  }
  const group = await (await request.post(api("/groups"), { data: { name: "Front desk" } })).json();
  await request.put(api(`/groups/${group.id}/members/${ids[0]}`));
  await chat.useModel("say?tokens=120&rate=0");
  await chat.ask("Where do the ferries to the outer islands leave in winter?");
  await chat.finished();
  const talk = new URL(page.url()).pathname.replace("/c/", "");
  await request.put(api(`/sharing/${talk}/${group.id}`));
  const place = await (
    await request.post(api("/collections"), { data: { name: "Timetables" } })
  ).json();
  await request.post(api("/documents"), {
    multipart: {
      collection_id: place.id,
      file: { name: "winter.txt", mimeType: "text/plain", buffer: Buffer.from("Ferries at nine.") },
    },
  });
  const persona = { name: "Harbour master", description: "Knows the tides." };
  const made = await (await request.post(api("/personas"), { data: persona })).json();
  for (const id of [place.id, made.id]) await request.put(api(`/sharing/${id}/${ids[0]}`));

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: /^More for Where do/ }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  await page.getByRole("button", { name: "Stop sharing with Front desk" }).waitFor();
  await page.getByRole("button", { name: "Share with Ben" }).waitFor();
  await shoot(page, "share-dialog");
  await page.goto(`${appliance.address}/settings/people`);
  await page.getByRole("heading", { name: "Groups" }).scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Members of Front desk" }).waitFor();
  await shoot(page, "groups");
  await page.getByRole("button", { name: "Members of Front desk" }).click();
  await page.getByRole("checkbox", { name: "Ben" }).waitFor();
  await shoot(page, "group-members");

  const ben: Page = await (await browser.newContext()).newPage();
  await ben.request.post(api("/auth/login"), { data: { email: "Ben", password: PASSWORD } });
  await ben.goto(`${appliance.address}/shared`);
  await ben.getByRole("link", { name: /^Where do/ }).waitFor();
  await shoot(ben, "shared-list");
  await ben.goto(`${appliance.address}/shared/${talk}`);
  await ben.locator("article.assistant .answer").waitFor();
  await shoot(ben, "shared-conversation");
  await ben.goto(`${appliance.address}/library?collection=${place.id}`);
  await ben.getByText("winter.txt").waitFor();
  await shoot(ben, "shared-collection");
  await ben.goto(`${appliance.address}/settings/personas`);
  await ben.getByText("Harbour master").first().waitFor();
  await shoot(ben, "shared-persona");
});
