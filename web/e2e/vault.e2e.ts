// What the library is for, with the built-in model: documents in, cited answers out.
import { startServer, temporaryFolder } from "./appliance";
import { handbook, minutes, prices } from "./files";
import { Chat, expect, PASSWORD, test } from "./fixtures";
import { ask, cited, Library, markedText, picker, SAID, sources } from "./library";

test("three documents, an answer of the built-in model, and the words it cites", async ({
  page,
}) => {
  test.setTimeout(480_000);
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path });
  try {
    await page.goto(server.found);
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    const chat = new Chat(page, { address: new URL(server.found).origin, endpoint: "" });
    await expect(chat.box).toBeVisible();
    await expect(picker(page)).toHaveCount(0);

    await page.getByRole("link", { name: "Library" }).click();
    const library = new Library(page, chat.appliance.address);
    await expect(page.getByText("No documents yet")).toBeVisible();
    await library.add(handbook(), minutes(), prices());

    const citation = await cited(chat);
    const number = Number(await citation.textContent());
    const source = (await sources(chat)).find((one) => one.number === number);
    await citation.click();
    await expect(page).toHaveURL(/\/library\/.+\?at=\d+-\d+$/);
    await expect(page.getByRole("heading", { name: source!.document_name })).toBeVisible();
    const marked = await markedText(page);
    expect(source!.text).toContain(marked);
    expect(marked).toMatch(SAID);
    await page.goBack();
    await expect(citation).toBeInViewport();

    await ask(chat, "Which football club won the cup in Uruguay?");
    await expect(page.getByText("Nothing relevant was found")).toBeVisible();
    await expect(page.getByText("from the model alone")).toBeVisible();
    await expect(page.locator(".sources, .citation")).toHaveCount(0);
  } finally {
    await server.stop();
    folder.remove();
  }
});
