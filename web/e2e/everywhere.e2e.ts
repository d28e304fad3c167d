import AxeBuilder from "@axe-core/playwright";
import { Chat, expect, test } from "./fixtures";
import { type State, signedIn, signedOut, walk } from "./states";

test.use({ alone: "everywhere" });

const LOOKS = [
  ["light", "light", "system"],
  ["dark", "dark", "system"],
  ["high contrast", "light", "more"],
] as const;

/** Grave findings in each look, and whatever is wider than the window. */
async function faultsOf(chat: Chat, state: State): Promise<string[]> {
  const { page } = chat;
  const faults: string[] = [];
  for (const [look, colorScheme, contrast] of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate((value) => (document.documentElement.dataset.contrast = value), contrast);
    const axe = new AxeBuilder({ page });
    // The rest is the same in every look.
    if (look !== "light") axe.withRules(["color-contrast", "link-in-text-block"]);
    const { violations } = await axe.analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      faults.push(...nodes.map((node) => `${state.name}, ${look}: ${id}: ${node.html}`));
    }
  }
  await page.evaluate(() => (document.documentElement.dataset.contrast = "system"));
  const wider = () => document.documentElement.scrollWidth - innerWidth;
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const over = await page.evaluate(wider);
    if (over > 0) faults.push(`${state.name}: ${over} px wider than a window of ${width}`);
  }
  return faults;
}

test("every page and state is accessible in light, dark and high contrast", async ({
  page,
  appliance,
}) => {
  test.setTimeout(600_000);
  const chat = new Chat(page, appliance);
  const faults: string[] = [];
  await walk(chat, [...signedOut, ...signedIn], async (state) => {
    faults.push(...(await faultsOf(chat, state)));
  });
  expect(faults).toEqual([]);
});
