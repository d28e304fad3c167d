// The list in the sidebar: however long, in folders, several at once, by keyboard and by mouse.
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { python, startServer, temporaryFolder } from "./appliance";
import { expectAccessible } from "./axe";
import { expect, NAME, PASSWORD, signIn, test } from "./fixtures";

const link = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("link", { name, exact: true });
const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

async function menu(page: Page, title: string, item: string) {
  await page.getByRole("button", { name: `More for ${title}`, exact: true }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Of what was said about it, which comes after what it did. */
const undo = (page: Page, said: string) =>
  page.locator(".toast", { hasText: said }).getByRole("button", { name: "Undo" }).click();

/** Only these, the last one newest. */
async function only(page: Page, address: string, titles: string[]) {
  for (;;) {
    const { items } = await (
      await page.request.get(`${address}/api/conversations?limit=200`)
    ).json();
    if (!items.length) break;
    const moves = items.map(({ id }: { id: string }) => ({ id, place: "trash" }));
    await page.request.patch(`${address}/api/conversations`, { data: { moves } });
  }
  for (const { id } of await (await page.request.get(`${address}/api/folders`)).json()) {
    await page.request.delete(`${address}/api/folders/${id}`);
  }
  for (const title of titles) {
    await page.request.post(`${address}/api/conversations`, { data: { title } });
  }
  await page.reload();
  if (titles.length) await expect(link(page, titles[0]!)).toBeVisible();
}

async function folder(page: Page, title: string, name: string) {
  await menu(page, title, "Move to folder…");
  await page.getByRole("textbox", { name: "Find or name a folder" }).fill(name);
  await page.keyboard.press("Enter");
  await expect(section(page, name).getByRole("link", { name: title, exact: true })).toBeVisible();
}

test("a folder is made, and is open after a reload as it was left", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["Boats", "Cars"]);
  await folder(page, "Boats", "Transport");
  await expect(link(page, "Boats")).toHaveCount(1);
  await page.reload();
  await expect(section(page, "Transport").getByRole("link", { name: "Boats" })).toBeVisible();
  await page.getByRole("button", { name: "Transport", exact: true }).click();
  await expect(link(page, "Boats")).toHaveCount(0);
  await page.reload();
  await expect(link(page, "Cars")).toBeVisible();
  await expect(link(page, "Boats")).toHaveCount(0);
});

test("a deleted folder leaves its conversations, and comes back with them", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["Boats", "Cars"]);
  await folder(page, "Boats", "Transport");
  await page.getByRole("button", { name: "More for folder Transport" }).click();
  await page.getByRole("menuitem", { name: "Delete folder" }).click();
  await expect(section(page, "Today").getByRole("link", { name: "Boats" })).toBeVisible();
  await undo(page, "Folder Transport deleted");
  await expect(section(page, "Transport").getByRole("link", { name: "Boats" })).toBeVisible();
});

test("a folder is renamed in its place", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["Boats", "Cars"]);
  await folder(page, "Boats", "Transport");
  await page.getByRole("button", { name: "More for folder Transport" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Name of the folder" }).fill("Vehicles");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Vehicles", exact: true })).toBeFocused();
});

test("conversations are dragged into a folder, out of it, and away", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["Boats", "Cars", "Trains"]);
  await folder(page, "Boats", "Transport");
  await link(page, "Cars").dragTo(page.getByRole("button", { name: "Transport", exact: true }));
  await expect(section(page, "Transport").getByRole("link", { name: "Cars" })).toBeVisible();
  await link(page, "Boats").dragTo(section(page, "Today"));
  await expect(section(page, "Today").getByRole("link", { name: "Boats" })).toBeVisible();
  await link(page, "Trains").hover();
  await page.mouse.down();
  await page.mouse.move(100, 300, { steps: 4 });
  const trash = page.locator(".drop-places div", { hasText: "Delete" });
  await trash.hover();
  await page.mouse.up();
  await expect(link(page, "Trains")).toHaveCount(0);
  await undo(page, "“Trains” deleted");
  await expect(link(page, "Trains")).toBeVisible();
});

test("the order of the pinned is kept, by Alt and the arrows", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["One", "Two", "Three"]);
  for (const title of ["One", "Two", "Three"]) {
    await menu(page, title, "Pin");
    await expect(section(page, "Pinned").getByRole("link", { name: title })).toBeVisible();
  }
  const order = () => section(page, "Pinned").getByRole("link").allTextContents();
  await expect.poll(order).toEqual(["Three", "Two", "One"]);
  await link(page, "Three").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(order).toEqual(["Two", "Three", "One"]);
  await expect(link(page, "Three")).toBeFocused();
  await page.keyboard.press("Alt+ArrowDown");
  await page.reload();
  await expect.poll(order).toEqual(["Two", "One", "Three"]);
});

test("the pinned are put in order by dragging", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["One", "Two", "Three"]);
  for (const title of ["One", "Two", "Three"]) {
    await menu(page, title, "Pin");
    await expect(section(page, "Pinned").getByRole("link", { name: title })).toBeVisible();
  }
  await link(page, "One").dragTo(link(page, "Three"), { targetPosition: { x: 40, y: 6 } });
  const order = () => section(page, "Pinned").getByRole("link").allTextContents();
  await expect.poll(order).toEqual(["One", "Three", "Two"]);
});

test("several are thrown away at once, and come back at once", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["A", "B", "C", "D", "E"]);
  const requests: string[] = [];
  page.on("request", (one) => one.method() === "PATCH" && requests.push(one.url()));
  await menu(page, "E", "Choose several");
  await page.getByRole("checkbox", { name: "C" }).click({ modifiers: ["Shift"] });
  await expect(page.getByText("3 chosen", { exact: true })).toBeVisible();
  await page.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
  await expect(link(page, "D")).toHaveCount(0);
  await expect(link(page, "B")).toBeVisible();
  await undo(page, "3 conversations deleted");
  for (const title of ["C", "D", "E"]) await expect(link(page, title)).toBeVisible();
  expect(requests).toHaveLength(2);
});

test("choosing goes by the keyboard, and Escape ends it", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["A", "B", "C"]);
  await link(page, "C").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await expect(page.getByText("3 chosen", { exact: true })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("checkbox", { name: "B" })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByText("2 chosen", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(link(page, "B")).toBeFocused();
  await expect(page.getByRole("checkbox")).toHaveCount(0);
});

test("dismissing what was said gives the focus back", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["A", "B"]);
  await menu(page, "B", "Archive");
  const toast = page.locator(".toast", { hasText: "archived" });
  await expect(toast).toBeVisible();
  await chat.box.focus();
  await toast.getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("Enter");
  await expect(chat.box).toBeFocused();
});

test("on a phone the way back can be pressed while the drawer is open", async ({ chat }) => {
  const { page } = chat;
  await only(page, chat.appliance.address, ["A", "B"]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Conversations" }).click();
  await menu(page, "B", "Delete");
  await expect(link(page, "B")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(link(page, "B")).toBeVisible();
});

test.describe("100,000 conversations", () => {
  const SEED = `
import sqlite3, sys, time
from gantry_edge.storage.database import open_connection
from gantry_edge.ids import new_id
from pathlib import Path
connection = open_connection(Path(sys.argv[1]) / "gantry.db")
(user,) = connection.execute("SELECT id FROM users").fetchone()
now = int(time.time() * 1000)
rows = [(new_id(), user, f"Number {n}", now - n * 60_000, now - n * 60_000) for n in range(100_000)]
connection.execute("BEGIN")
connection.executemany("INSERT INTO conversations (id, user_id, title, created_at, updated_at) VALUES (?, ?, ?, ?, ?)", rows)
connection.execute("COMMIT")
`;

  test("are scrolled to their end, and the page stays small", async ({ page, appliance }) => {
    test.setTimeout(60_000);
    const data = temporaryFolder();
    const server = await startServer({ dataDir: data.path, endpoint: appliance.endpoint });
    const { origin, hash } = new URL(server.found);
    await page.request.post(`${origin}/api/setup`, {
      data: { token: hash.slice(7), name: NAME, password: PASSWORD },
    });
    execFileSync(python, ["-c", SEED, data.path], {
      env: { ...process.env, PYTHONPATH: "../src" },
    });
    try {
      await signIn(page, { ...appliance, address: origin });
      const nodes = () => page.locator("nav *").count();
      await expect(link(page, "Number 0")).toBeVisible();
      await link(page, "Number 0").focus();
      await page.keyboard.press("End");
      await expect(link(page, "Number 99999")).toBeFocused();
      expect(await nodes()).toBeLessThan(2500);
      const row = page.locator("li", { has: page.getByRole("link", { name: "Number 99999" }) });
      const size = Number(await row.getAttribute("aria-setsize"));
      expect(await row.getAttribute("aria-posinset")).toBe(String(size));
      expect(size).toBeGreaterThan(50_000);

      const box = page.locator(".conversations");
      await box.evaluate((list) => (list.scrollTop = list.scrollHeight / 2));
      await expect(page.getByText(/^Number (49|50)\d{3}$/).first()).toBeVisible();
      for (let i = 0; i < 20; i++) {
        await box.evaluate((list) => (list.scrollTop -= 900));
        await page.waitForTimeout(30);
      }
      await expect(page.locator(".unread")).toHaveCount(0);
      expect(await nodes()).toBeLessThan(2500);
      await expect(page.getByRole("heading", { name: "Older" })).toBeVisible();
      await page.keyboard.press("Home");
      await expect(link(page, "Number 0")).toBeFocused();
    } finally {
      await server.stop();
      data.remove();
    }
  });
});
