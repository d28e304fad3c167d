import { expect, NAME, test } from "./fixtures";

test.describe("in a German browser", () => {
  test.use({ locale: "de-AT" });

  test("the page speaks German from its first word on", async ({ chat }) => {
    const { page } = chat;
    // What the page says first, seen as it comes.
    await page.addInitScript(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(document.body?.innerText ?? "")).observe(document, {
        childList: true,
        subtree: true,
      });
    });
    await page.reload();
    await expect(page.getByRole("heading", { name: `Guten Tag, ${NAME}` })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await expect(page).toHaveTitle("Neuer Chat – Gantry Edge");
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said.join());
    expect(said).toContain("Neuer Chat");
    expect(said).not.toContain("New chat");
  });

  test("without its words the page is there in English", async ({ chat }) => {
    const { page } = chat;
    await page.route("**/assets/de-*.js", (route) => route.abort());
    await page.reload();
    await expect(page.getByRole("heading", { name: `Hello, ${NAME}` })).toBeVisible();
  });
});

test("a language that is chosen shows at once, and stays", async ({ chat }) => {
  const { page, appliance } = chat;
  await page.goto(`${appliance.address}/settings`);
  await page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
  await expect(page.getByRole("heading", { name: "Darstellung" })).toBeVisible();
  await expect(page).toHaveTitle("Einstellungen – Gantry Edge");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Darstellung" })).toBeVisible();
  await page.getByRole("combobox", { name: "Sprache" }).selectOption("Wie dieser Browser");
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible();
});
