// Pictures of the list: folders, pinned, choosing, moving, what is said in passing.
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

const open = async (page: Page) => {
  const drawer = page.getByRole("dialog", { name: "Gantry Edge" });
  if (page.viewportSize()!.width < 700 && !(await drawer.isVisible())) {
    await page.getByRole("button", { name: "Conversations" }).click();
  }
  await page.waitForTimeout(300);
};

test("the list", async ({ chat }) => {
  const { page } = chat;
  const { address } = chat.appliance;
  const post = async (path: string, data: object) =>
    (await page.request.post(`${address}/api/${path}`, { data })).json();
  const ids: string[] = [];
  for (let i = 0; i < 30; i++) {
    const title =
      i % 7
        ? `Conversation about subject ${i}`
        : `A conversation with a long title, as they are, number ${i}`;
    ids.push((await post("conversations", { title })).id);
  }
  const work = await post("folders", { name: "Work and everything that has to do with it" });
  await post("folders", { name: "Travel" });
  await page.request.patch(`${address}/api/conversations`, {
    data: {
      moves: [
        ...ids.slice(0, 3).map((id) => ({ id, folder_id: work.id })),
        ...ids.slice(4, 7).map((id) => ({ id, pinned: true })),
      ],
    },
  });
  await page.reload();
  await page.getByRole("button", { name: work.name, exact: true }).click();
  await expect(
    page.getByRole("link", { name: "Conversation about subject 2", exact: true }),
  ).toBeVisible();
  await shoot(page, "list-1-folders", () => open(page));
  await page.reload();
  await page.setViewportSize({ width: 1280, height: 800 });
  const more = page.getByRole("button", { name: "More for Conversation about subject 29" });
  await more.click();
  await page.getByRole("menuitem", { name: "Choose several" }).click();
  await page.getByRole("checkbox", { name: "subject 26" }).click({ modifiers: ["Shift"] });
  await page.screenshot({ path: `${process.env.SHOTS}/list-2-choosing-1280-light.png` });
  await page.getByRole("toolbar").getByRole("button", { name: "Move to folder…" }).click();
  await page.screenshot({ path: `${process.env.SHOTS}/list-3-move-1280-light.png` });
  await page.keyboard.press("Escape");
  await page.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
  await expect(page.locator(".toast")).toBeVisible();
  await page.route("**/api/conversations", (route) =>
    route.fulfill({
      status: 503,
      json: { status: 503, code: "busy", detail: "The disk is full. Make room, then try again." },
    }),
  );
  await page.getByRole("button", { name: "More for Conversation about subject 22" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await shoot(page, "list-4-toasts");
});
