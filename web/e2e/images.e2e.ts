// Pictures go to models that take them, and are seen beside the message.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, test, type Chat } from "./fixtures";

const chips = (page: Page) => page.locator(".composer").getByRole("list", { name: "Attachments" });

/** As a camera would make it, and larger than models look. */
const dropPicture = (chat: Chat, name: string) =>
  chat.page.locator("main .view").evaluate(async (view, name) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 3000, height: 1500 });
    const pen = canvas.getContext("2d")!;
    pen.fillStyle = "teal";
    pen.fillRect(0, 0, 3000, 1500);
    pen.fillStyle = "gold";
    pen.fillRect(300, 300, 900, 900);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg"));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([blob!], name, { type: "image/jpeg" }));
    view.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true, bubbles: true }));
  }, name);

test("a picture goes to a model that takes it, and is seen with its message", async ({ chat }) => {
  const { page } = chat;
  await expect(page.getByRole("button", { name: "Attach files" })).toBeVisible();
  await page
    .getByRole("combobox", { name: "Model" })
    .selectOption({ label: "say?tokens=200&rate=50" });
  await dropPicture(chat, "boat.jpg");
  const chip = chips(page).getByRole("img", { name: "boat.jpg" });
  await expect(chip).toBeVisible();
  await expect(chips(page).locator("~ .blind")).toContainText("takes no pictures");
  await chat.ask("What is this?");
  await expect(chat.box).toHaveValue("What is this?");
  await expect(chip).toBeVisible();
  await expect(page.locator("article")).toHaveCount(0);
  await page.getByRole("button", { name: "Dismiss" }).click();

  await page.getByRole("combobox", { name: "Model" }).selectOption({ label: "echo?rate=50" });
  await expect(page.locator(".blind")).toHaveCount(0);
  await expectAccessible(page);
  await page.reload();
  await expect(chip).toBeVisible();
  await chat.box.press("Enter");
  await chat.finished();
  const shown = page.locator("article.user").getByRole("img", { name: "boat.jpg" });
  await expect(shown).toBeVisible();
  const drawn = await shown.evaluate((img: HTMLImageElement) => [
    img.naturalWidth,
    img.naturalHeight,
  ]);
  expect(drawn).toEqual([2048, 1024]);
  await expect(chips(page)).toHaveCount(0);
  const log = await (
    await page.request.get(chat.appliance.endpoint.replace("/v1", "/_log"))
  ).json();
  expect(log.at(-1).messages.at(-1).images[0]).toMatch(/^data:image\/jpeg;base64,/);
  await shown.click();
  await expect(page.getByRole("dialog", { name: "boat.jpg" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Close" }).click();

  // With its conversation it is gone.
  const address = await shown.getAttribute("src");
  const id = new URL(page.url()).pathname.replace("/c/", "");
  await page.request.delete(`${chat.appliance.address}/api/conversations/${id}`);
  expect((await page.request.get(`${chat.appliance.address}${address}`)).status()).toBe(404);
});
