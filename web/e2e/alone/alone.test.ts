// The single file where there is nothing else: no Python, no network, no environment, no home it could write to.
import { join } from "node:path";
import { startServer } from "../appliance";
import { handbook, minutes, prices } from "../files";
import { Chat, expect, PASSWORD, test } from "../fixtures";
import { cited, Library, markedText, picker, SAID, sources, WRITING } from "../library";
import { folder as shots } from "../shoot";
import { addresses } from "./trace";

const trace = process.env.TRACE!;
const serve = { program: join(import.meta.dirname, "serve"), dataDir: "/data" };

test("first run, a chat, a cited answer and a restart, and not one step outside", async ({
  page,
}) => {
  test.setTimeout(480_000);
  let server = await startServer(serve);
  try {
    await page.goto(server.found);
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.screenshot({ path: join(shots, "alone-1-welcome.png") });
    await page.getByRole("button", { name: "Create account" }).click();
    const chat = new Chat(page, { address: new URL(server.found).origin, endpoint: "" });
    await chat.ask("Say hello in one short sentence.");
    await expect(chat.lastAnswer).toContainText(/\w/, WRITING);
    await expect(page.getByRole("button", { name: "Send" })).toBeVisible(WRITING);
    expect((await chat.stored()).status).toBe("done");
    await page.screenshot({ path: join(shots, "alone-2-chat.png") });

    await page.getByRole("link", { name: "Library" }).click();
    await new Library(page, chat.appliance.address).add(handbook(), minutes(), prices());
    const citation = await cited(chat);
    await page.screenshot({ path: join(shots, "alone-3-cited.png") });
    const conversation = new URL(page.url()).pathname;
    const shown = (await chat.lastAnswer.textContent())!;
    const number = Number(await citation.textContent());
    const source = (await sources(chat)).find((one) => one.number === number)!;
    await citation.click();
    const marked = await markedText(page);
    expect(source.text).toContain(marked);
    expect(marked).toMatch(SAID);
    await page.screenshot({ path: join(shots, "alone-4-source.png") });

    const { port } = new URL(server.found);
    await server.stop();
    server = await startServer({ ...serve, port: Number(port) });
    await page.goto(`${new URL(server.found).origin}${conversation}`);
    await expect(chat.lastAnswer).toHaveText(shown);
    await expect(picker(page)).toContainText("All my documents");
    await page.screenshot({ path: join(shots, "alone-5-again.png") });
  } finally {
    await server.stop();
  }
  expect(addresses(trace).length).toBeGreaterThan(2);
  expect(addresses(trace).filter((address) => !/^(127\.|::1$)/.test(address))).toEqual([]);
});
