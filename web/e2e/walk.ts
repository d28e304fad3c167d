// What those meet who walk the page without seeing or pointing: the focus, the tree, and what is said aloud.
import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

/** Role and name of what has the focus, as the accessibility tree gives them. */
export async function focused(page: Page): Promise<string> {
  const here = page.locator(":focus");
  if (!(await here.count())) return "nothing";
  const tree = await here.last().ariaSnapshot();
  const first = /^- '?(\w+)( "(?:[^"\\]|\\.)*")?/.exec(tree);
  return first ? `${first[1]}${first[2] ?? ""}` : "nameless";
}

/** An outline of the thing itself, or of the box that it fills. */
const marked = (page: Page) =>
  page.evaluate(() => {
    const here = document.activeElement;
    const boxes = [here, here?.closest(".composer-box:has(textarea:focus)")];
    return boxes.some((one) => {
      if (!one) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
    });
  });

export async function expectFocus(page: Page, what: string) {
  await expect.poll(() => focused(page)).toBe(what);
  expect(await marked(page), `the focus on ${what} is seen`).toBe(true);
}

/** Presses the key until the focus is there; each stop on the way moves, has a name and is seen. */
export async function press(page: Page, key: "Tab" | "Shift+Tab", what: string, most = 60) {
  const way: string[] = [];
  for (let here = ""; here !== what && way.length < most; way.push(here)) {
    await page.keyboard.press(key);
    here = await focused(page);
    if (here === "nothing") continue;
    expect(here, "is named").toMatch(/ "./);
    expect(await marked(page), `the focus on ${here} is seen`).toBe(true);
  }
  expect(way, `${key} leads to ${what}`).toContain(what);
  return way;
}

/** Once around the page, as the Tab key goes from its beginning. */
export async function round(page: Page, key: "Tab" | "Shift+Tab" = "Tab") {
  const begin = 'link "Skip to content"';
  if ((await focused(page)) !== begin) await press(page, key, begin);
  return press(page, key, begin, 90);
}

/** Everything that live regions said since the page was opened, in its order. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  const begin = () => {
    const heard: string[] = [];
    const hear = (node: Node) => {
      const element = node instanceof Element ? node : node.parentElement;
      const inner = [...(element?.querySelectorAll("[role=alert]") ?? [])];
      const region = element?.closest("[role=status], [role=alert]");
      for (const one of region ? [region] : inner) {
        const text = one.textContent?.trim();
        const words = `${one.getAttribute("role")}: ${text}`;
        if (text && heard.at(-1) !== words) heard.push(words);
      }
    };
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        if (addedNodes.length) addedNodes.forEach(hear);
        else if (target instanceof Text) hear(target);
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
    Reflect.set(window, "heard", heard);
  };
  await page.addInitScript(begin);
  await page.reload();
  return () => page.evaluate(() => Reflect.get(window, "heard") as string[]);
}
