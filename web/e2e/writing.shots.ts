import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

test("what goes with a message, and what waits", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("say?tokens=3000&rate=10");
  await expect(page.getByRole("button", { name: "Attach files" })).toBeVisible();
  const paste = (text: string) =>
    chat.box.evaluate((area, text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
    }, text);
  await paste("The harbour is calm. ".repeat(300));
  await page.locator("main .view").evaluate((view) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(
      new File(["x"], "A long name of minutes of a meeting, final version.md"),
    );
    dataTransfer.items.add(new File(["\0"], "Contract of the harbour company 2026.pdf"));
    view.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true, bubbles: true }));
  });
  await chat.box.fill("Sum these up, please");
  await expect(page.getByRole("region", { name: "Documents" })).toBeVisible();
  await shoot(page, "95-attached");
  await page
    .locator(".composer")
    .getByRole("button", { name: /^Pasted text/ })
    .click();
  await shoot(page, "96-attached-text");
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "No", exact: true }).click();
  await chat.box.press("Enter");
  await expect(chat.lastAnswer).not.toBeEmpty();
  await chat.ask("And what does that mean for the people who live there, in one sentence?");
  await expect(page.getByText("And what does that mean")).toBeVisible();
  await chat.ask("In French, too");
  await chat.box.fill("One more thing");
  await shoot(page, "97-queue");
  await chat.stopButton.click();
  await expect(page.getByText("so this was not sent")).toBeVisible();
  await shoot(page, "98-queue-held");
});

test("pictures", async ({ chat }) => {
  const { page } = chat;
  await expect(page.getByRole("button", { name: "Attach files" })).toBeVisible();
  for (const [name, width] of [
    ["boat.png", 800],
    ["A panorama with a long name.png", 1600],
  ] as const) {
    await page.locator("main .view").evaluate(
      async (view, [name, width]) => {
        const canvas = document.createElement("canvas");
        Object.assign(canvas, { width, height: 500 });
        const pen = canvas.getContext("2d")!;
        const sky = pen.createLinearGradient(0, 0, width, 500);
        sky.addColorStop(0, "teal");
        sky.addColorStop(1, "gold");
        pen.fillStyle = sky;
        pen.fillRect(0, 0, width, 500);
        const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([blob!], name, { type: "image/png" }));
        view.dispatchEvent(
          new DragEvent("drop", { dataTransfer, cancelable: true, bubbles: true }),
        );
      },
      [name, width] as const,
    );
    await expect(page.getByRole("img", { name })).toBeVisible();
  }
  await shoot(page, "99-pictures-blind");
  await page.getByRole("combobox", { name: "Model" }).selectOption({ label: "echo?rate=50" });
  await chat.ask("What is on these?");
  await chat.finished();
  await shoot(page, "99-pictures-sent");
});

test("two answers", async ({ chat }) => {
  const { page } = chat;
  await expect(page.getByRole("button", { name: "Compare" })).toBeVisible();
  await page.getByRole("button", { name: "Compare" }).click();
  await shoot(page, "99-compare-choice");
  await page.getByRole("radio", { name: "think" }).check();
  await page.keyboard.press("Escape");
  await chat.ask("Which of you two is better at this?");
  await expect(page.getByRole("button", { name: /^Stop/ })).toHaveCount(0, { timeout: 20_000 });
  await shoot(page, "99-compared");
});
