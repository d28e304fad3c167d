import { handbook, minutes, prices, text } from "./files";
import { expect, test } from "./fixtures";
import { chooseAll, Library, libraryOf, markedText, picker, sources } from "./library";

test("a number in the answer leads to the words it stands for", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(
    text("shanty 🐟.txt", "🐟🐟 The harbour master of Polperro is Jory Pender. 🐟"),
  );
  await page.goto(chat.appliance.address);
  await chat.useModel("echo");
  await chooseAll(page);
  await chat.ask("Who is the harbour master of Polperro?");
  await chat.finished();
  const [first] = await sources(chat);
  const cited = chat.lastAnswer.locator(".citation").first();
  await expect(cited).toHaveText("1");
  await cited.focus();
  await expect(page.getByRole("tooltip")).toContainText("Jory Pender");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("tooltip")).toHaveCount(0);
  await page.keyboard.press("Enter");
  expect(await markedText(page)).toBe(first!.text);
  await page.reload();
  expect(await markedText(page)).toBe(first!.text);
});

test("a question the library has no answer to says so", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(prices("price list.csv"));
  await page.goto(chat.appliance.address);
  await chat.useModel("say?tokens=5");
  await chooseAll(page);
  await chat.ask("Who won the chess championship of Mongolia?");
  await chat.finished();
  await expect(page.getByText(/nothing relevant/i)).toBeVisible();
  await expect(page.locator(".sources")).toHaveCount(0);
});

test("the choice of documents is kept with its conversation", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(minutes("board.docx"));
  await page.goto(chat.appliance.address);
  await chat.useModel("echo");
  await picker(page).click();
  await page.getByRole("radio", { name: "Only these" }).check();
  await page.locator(".scope-panel summary").first().click();
  await page.getByRole("checkbox", { name: "board.docx" }).check();
  await page.keyboard.press("Escape");
  await expect(picker(page)).toContainText("1 document");
  await chat.ask("Who was elected treasurer?");
  await chat.finished();
  for (const one of await sources(chat)) expect(one).toMatchObject({ document_name: "board.docx" });
  await page.reload();
  await expect(picker(page)).toContainText("1 document");
  await picker(page).click();
  await page.getByRole("radio", { name: "No documents" }).check();
  const saved = page.waitForResponse(
    (one) => one.request().method() === "PATCH" && one.url().includes("/api/conversations/"),
  );
  await page.keyboard.press("Escape");
  expect((await saved).ok()).toBe(true);
  await page.reload();
  await expect(picker(page)).toContainText("No documents");
  await chat.ask("And who was elected secretary?");
  await chat.finished();
  expect(await sources(chat)).toEqual([]);
});

test("a deleted document can be had back, for a while", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(minutes("to be deleted.docx"));
  await library.delete("to be deleted.docx");
  await page.reload();
  await expect(library.row("to be deleted.docx")).toHaveCount(0);
  await library.add(minutes("to come back.docx"));
  await library.delete("to come back.docx");
  // By keyboard: nothing loses the focus.
  await expect(page.locator(":is(.document, .undo *):focus")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo deleting to come back.docx" }).press("Enter");
  await expect(library.link("to come back.docx")).toBeVisible();
  await expect(library.row("to come back.docx")).toBeFocused();
  await page.reload();
  await expect(library.link("to come back.docx")).toBeVisible();
});

test("searching finds the passage and shows it", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await library.add(handbook("searched.pdf"));
  const box = page.getByRole("textbox", { name: "Search in documents" });
  await box.fill("code of the barrier at the south gate");
  const first = page.locator(".results li").first();
  await expect(first).toContainText("4471");
  await expect(first).toContainText(/pages? \d/);
  await expect(first.locator("mark").first()).toHaveText(/barrier|south|gate|code/);
  await first.getByRole("link").click();
  expect(await markedText(page)).toContain("4471");
  await page.goBack();
  await expect(box).toHaveValue("code of the barrier at the south gate");
  await expect(first).toContainText("4471");
  await page.getByRole("button", { name: "Clear search" }).click();
  await expect(library.link("searched.pdf")).toBeVisible();
  await expect(box).toBeFocused();
});

test("a file that cannot be read says why, and can be tried again", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  const broken = {
    ...handbook("broken.pdf"),
    buffer: Buffer.from("%PDF-1.4\nnothing of the kind"),
  };
  await page.getByLabel("Files to add").setInputFiles([broken]);
  const reason = library.row("broken.pdf").locator(".reason");
  await expect(reason).toContainText(/\w{3}/, { timeout: 60_000 });
  await expect(reason).not.toContainText(/error|exception|traceback/i);
  await page.getByRole("button", { name: "Retry broken.pdf" }).click();
  await expect(reason).toContainText(/\w{3}/, { timeout: 60_000 });
});

test("collections: made, filled by dropping, renamed, deleted", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  await page.getByRole("button", { name: "New collection" }).click();
  await page.getByLabel("Name").fill("Harbour papers");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Harbour papers" })).toBeVisible();
  await expect(page.getByText("No documents yet")).toBeVisible();
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    for (const name of ["tide.txt", "wind.txt"])
      transfer.items.add(new File([`Notes on the ${name} of Fowey, taken in June.`], name));
    return transfer;
  });
  await page.dispatchEvent(".shelf", "dragover", { dataTransfer: data });
  await expect(page.getByText("Drop files to add them to Harbour papers")).toBeVisible();
  await page.dispatchEvent(".shelf", "drop", { dataTransfer: data });
  await expect(library.link("tide.txt")).toBeVisible({ timeout: 60_000 });
  await expect(library.link("wind.txt")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("link", { name: "Harbour papers 2" })).toBeVisible();

  await page.getByRole("button", { name: "More for Harbour papers" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "New name" }).fill("Old papers");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Old papers" })).toBeVisible();
  await page.getByRole("button", { name: "More for Old papers" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(`${chat.appliance.address}/library`);
  await expect(page.getByRole("link", { name: /^Old papers/ })).toHaveCount(0);
  await expect(library.row("tide.txt")).toHaveCount(0);
});

test("a second tab sees what the first one does", async ({ chat, context }) => {
  const library = libraryOf(chat);
  await library.open();
  const other = new Library(await context.newPage(), chat.appliance.address);
  await other.open();
  await library.add(text("seen twice.txt", "A note that two tabs know of."));
  await expect(other.link("seen twice.txt")).toBeVisible();
  await library.delete("seen twice.txt");
  await expect(other.row("seen twice.txt")).toHaveCount(0);
});

test("a refused upload says why, in its place, and can be sent again", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  let refuse = true;
  await page.route("**/api/documents", async (route) => {
    if (route.request().method() !== "POST" || !refuse) return route.fallback();
    refuse = false;
    const detail = "Your documents may take up to 5 MB";
    await route.fulfill({ status: 507, json: { status: 507, code: "quota_reached", detail } });
  });
  await page.getByLabel("Files to add").setInputFiles([text("late.txt", "Sent a second time.")]);
  await expect(library.row("late.txt").getByRole("alert")).toContainText("up to 5 MB");
  await page.getByRole("button", { name: "Try late.txt again" }).click();
  await expect(library.link("late.txt")).toBeVisible({ timeout: 60_000 });
});

test("files wait while the server cannot be reached, and then go by themselves", async ({
  chat,
}) => {
  const { page } = chat;
  const library = libraryOf(chat);
  await library.open();
  let away = true;
  await page.route("**/api/documents", (route) =>
    away && route.request().method() === "POST" ? route.abort() : route.fallback(),
  );
  await page.route("**/health", (route) => (away ? route.abort() : route.fallback()));
  await page.getByLabel("Files to add").setInputFiles([text("patient.txt", "It came in time.")]);
  await expect(library.row("patient.txt")).toContainText("The server cannot be reached");
  away = false;
  await expect(library.link("patient.txt")).toBeVisible({ timeout: 60_000 });
});

test("signing out works while files are on their way", async ({ chat }) => {
  const { page } = chat;
  await libraryOf(chat).open();
  await page.route("**/api/documents", (route) =>
    route.request().method() === "POST" ? undefined : route.fallback(),
  );
  await page.getByLabel("Files to add").setInputFiles([text("slow.txt", "Never taken.")]);
  await expect(page.getByRole("button", { name: "Cancel slow.txt" })).toBeVisible();
  await page.getByRole("link", { name: /^Settings/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(page).toHaveURL(`${chat.appliance.address}/`);
});

test("a document can be downloaded as it was given", async ({ chat }) => {
  const { page } = chat;
  const library = libraryOf(chat);
  const given = handbook("to download.pdf");
  await library.open();
  await library.add(given);
  await library.link("to download.pdf").click();
  await expect(page.locator(".page-mark").first()).toHaveText("Page 1");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("to download.pdf");
  const parts: Buffer[] = [];
  for await (const part of await file.createReadStream()) parts.push(part as Buffer);
  expect(Buffer.concat(parts).equals(given.buffer)).toBe(true);
});

test("hostile words of a document stay words", async ({ chat }) => {
  const { page } = chat;
  page.on("dialog", () => expect("a dialog").toBe("never opened"));
  const library = libraryOf(chat);
  const words =
    '<img src=x onerror=alert(1)><script>alert(2)</script> ![p](https://tracker.example/p.png) "Zanzibar".';
  await library.open();
  await library.add(text("<b onmouseover=alert(3)>.txt", words));
  await page.getByRole("textbox", { name: "Search in documents" }).fill("Zanzibar tracker");
  await expect(page.locator(".results")).toContainText("<script>alert(2)</script>");
  await page.locator(".results").getByRole("link").first().click();
  await expect(page.locator(".document-text")).toContainText("onerror=alert(1)");
  await expect(page.locator("main").locator("img, script, b")).toHaveCount(0);
});
