// Pictures of the library in its states: SHOTS=folder npm run shots -- library
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { DOCUMENTS, fakeLibrary, SHELVES, SOURCES } from "./libraryFake";
import { text } from "./files";
import { shoot } from "./shoot";

const ANSWER =
  "You have **27 days** of paid leave a year [1]. Days left at the end of March are lost [2], `unless[1]` you were ill [3]. Nobody said [9].";

async function open(page: Page, address: string, path: string) {
  await page.goto(`${address}${path}`);
}

test("the library", async ({ chat }) => {
  const { page, appliance } = chat;
  await fakeLibrary(page, []);
  await open(page, appliance.address, "/library");
  await expect(page.getByText("No documents yet")).toBeVisible();
  await shoot(page, "30-library-empty");
  await page.unroute(/\/api\/(collections|documents)/);
  await fakeLibrary(page);
  await page.reload();
  await expect(page.getByRole("link", { name: "handbook.pdf" })).toBeVisible();
  await shoot(page, "31-library");
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole("button", { name: "More for notes.md" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Undo deleting notes.md" })).toBeVisible();
  await shoot(page, "32-library-undo");

  let asked = 0;
  await page.route("**/api/documents", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    if (asked++) return; // Never answered: it stays under way.
    await route.fulfill({
      status: 413,
      json: { status: 413, code: "too_large", detail: "A file may have up to 100 MB" },
    });
  });
  await page.getByLabel("Files to add").setInputFiles(
    ["film.mov", ...Array.from({ length: 9 }, (_, at) => `letter ${at + 1}.docx`)].map((name) => ({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.alloc(2_000_000),
    })),
  );
  await expect(page.getByText("up to 100 MB")).toBeVisible();
  await shoot(page, "33-library-uploads");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "x.txt"));
    const over = new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector(".library")!.dispatchEvent(over);
  });
  await shoot(page, "34-library-drop");
  await page.unroute("**/api/documents");
  await page.reload();
  await page.route("**/api/documents", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    await route.abort();
  });
  await page.route(/\/(retry|health)$/, (route) => route.abort());
  await page.getByLabel("Files to add").setInputFiles([text("offline.txt", "Words.")]);
  await expect(page.getByText("The server cannot be reached.").first()).toBeVisible();
  await page.getByRole("button", { name: "Retry scan.pdf" }).click();
  await shoot(page, "34-library-offline");
});

test("searching, collections", async ({ chat }) => {
  const { page, appliance } = chat;
  await fakeLibrary(page);
  await open(page, appliance.address, `/library?collection=${SHELVES[1][0]}`);
  await page.getByRole("textbox", { name: "Search in documents" }).fill("days of leave");
  await expect(page.locator(".results mark").first()).toBeVisible();
  await shoot(page, "35-search");
  await page.route("**/api/documents/search", (route) =>
    route.fulfill({ json: { items: [], next: null } }),
  );
  await page.getByRole("textbox", { name: "Search in documents" }).fill("zebra");
  await expect(page.locator(".shelf-note")).toHaveText("Nothing relevant was found.");
  await shoot(page, "35-search-none");
  await page.getByRole("button", { name: "Clear search" }).click();
  await shoot(page, "36-collection");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "New collection" }).click();
  await shoot(page, "37-new-collection");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "More for My documents" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await shoot(page, "38-delete-collection");
  await page.keyboard.press("Escape");
  await page.route("**/api/documents?*", (route) => route.abort());
  await page.reload();
  await expect(page.getByText("The documents could not be read.")).toBeVisible();
  await shoot(page, "39-library-failed");
  await page.unroute("**/api/documents?*");
  await page.route("**/api/documents?*", () => {});
  await page.reload();
  await expect(page.getByText("Reading the list…")).toBeVisible();
  await shoot(page, "39-library-loading");
});

test("the viewer", async ({ chat }) => {
  const { page, appliance } = chat;
  await fakeLibrary(page);
  const { document_id, start, end } = SOURCES[0]!;
  await open(page, appliance.address, `/library/${document_id}?at=${start}-${end}`);
  await expect(page.locator("mark")).toBeInViewport();
  await shoot(page, "40-viewer", async () => {
    await page.reload();
    await expect(page.locator("mark")).toBeInViewport();
  });
  await open(page, appliance.address, `/library/${DOCUMENTS[1]!.id}`);
  await expect(page.getByText("not ready yet")).toBeVisible();
  await shoot(page, "41-viewer-unready");
  await open(page, appliance.address, `/library/${DOCUMENTS[5]!.id}`);
  await expect(page.getByText("could not be read")).toBeVisible();
  await shoot(page, "42-viewer-failed");
  await open(page, appliance.address, "/library/0190b5a0-0000-7000-8000-000000000999");
  await expect(page.getByText("does not exist")).toBeVisible();
  await shoot(page, "43-viewer-missing");
});

test("citations and the scope picker", async ({ chat }) => {
  const { page } = chat;
  await fakeLibrary(page);
  await chat.useModel("echo?rate=200");
  await chat.ask(ANSWER);
  await chat.finished();
  await page.route("**/messages*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const said = [SOURCES[0]!.text, `${SOURCES[0]!.text} `.repeat(40), ""];
    const items = SOURCES.map((one, at) => ({ ...one, text: said[at] }));
    body.items.at(-1).parts.unshift({ type: "sources", items });
    await route.fulfill({ response, json: body });
  });
  await page.reload();
  await page.locator(".sources summary").click();
  await shoot(page, "44-sources");
  const cited = page.locator(".answer .citation").nth(1);
  await shoot(page, "45-citation", async () => {
    await page.mouse.move(0, 0);
    await cited.hover();
    await expect(page.getByRole("tooltip")).toBeVisible();
  });
  await page.mouse.move(0, 0);
  const picker = page.getByRole("button", { name: /^Answer from/ });
  await shoot(page, "46-scope", async () => {
    if (await page.getByRole("radio", { name: "Only these" }).isVisible()) return;
    await picker.click();
    await page.getByText("Only these").click();
    await page.getByRole("checkbox", { name: /^Contracts/ }).check();
    await page.getByText("Documents", { exact: true }).nth(1).click();
    await page.getByRole("checkbox", { name: "handbook.pdf" }).check();
  });
  await page.keyboard.press("Escape");
  await shoot(page, "47-scope-chosen");
  await page.unroute("**/messages*");
  await page.route("**/messages*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const text = "Nothing relevant was found in the chosen documents";
    body.items.at(-1).parts.unshift({ type: "notice", code: "nothing_found", text });
    await route.fulfill({ response, json: body });
  });
  await page.reload();
  await expect(page.getByText("from the model alone")).toBeVisible();
  await shoot(page, "48-nothing-found");
});
