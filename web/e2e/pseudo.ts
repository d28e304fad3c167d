// A language that nobody speaks: what is not written in it went past `t()`.
import { expect, type Page } from "@playwright/test";
import { files, readFile } from "../src/language/keys";

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const STRANGE = "áƀçđéƒğĥíĵķļɱñóþǫŕšţúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶĻṀÑÓÞǪŔŠŢÚṼŴẊÝŽ";

/** About 40 % longer, as German may be; names in braces and elements stay. */
export function pseudo(text: string): string {
  const strange = text.replace(/(\{\w+\}|<\/?\w+>)|[a-zA-Z]/g, (letter, mark?: string) =>
    mark ? letter : STRANGE[PLAIN.indexOf(letter)]!,
  );
  const more = "ñéŵ ".repeat(Math.ceil(text.length / 10)).trim();
  return `${strange} ${more}`;
}

/** In the place of Arabic, whose dates and units have no Latin letters either. */
export async function speakPseudo(page: Page) {
  const forms = new Intl.PluralRules("ar").resolvedOptions().pluralCategories;
  const keys = files().flatMap((file) => readFile(file).keys);
  const words = keys.map(({ text, one }) => {
    const said = pseudo(text);
    return [text, one ? Object.fromEntries(forms.map((form) => [form, said])) : said];
  });
  const body = `export default ${JSON.stringify(Object.fromEntries(words))}`;
  await page.route("**/assets/ar-*.js", (route) =>
    route.fulfill({ body, contentType: "text/javascript" }),
  );
}

/** Of what people and machines are called, in whatever language. */
const NAMES =
  /Gantry Edge|Ada|(Ctrl|Alt|Shift|Esc|Enter)(\+[A-Z]\w*)*|SmolLM2 135M|Deutsch|English|Español|Français|Polski|Chrome|Headless|Linux|node|HTTPS?|box\/\S+|\b(PDF|TXT|MD|DOCX|CSV|PPTX|EPUB)\b|\S+\.(pdf|md|txt|docx|csv|png|local)\b|\{\{\w+\}\}|https?:\S*|\b[\d.]+:\d+/g;

/** `own`: what people wrote here. */
export async function expectTranslated(page: Page, where: string, own: readonly string[] = []) {
  const said = await page.evaluate(() => {
    const found: string[] = [];
    const own = ".answer, code, pre, article .plain-text, [data-own]";
    const seen = (element: Element) => element.checkVisibility() && !element.closest(own);
    for (const element of document.querySelectorAll("body *")) {
      if (!seen(element)) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        found.push(element.getAttribute(name) ?? "");
      }
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? "");
      }
    }
    return [...found, document.title];
  });
  const without = (text: string) =>
    own.reduce((rest, name) => rest.replaceAll(name, ""), text).replace(NAMES, "");
  const english = said.filter((text) => /[A-Za-z]{2}/.test(without(text)));
  expect([...new Set(english)], where).toEqual([]);
}

export async function expectFits(page: Page, where: string) {
  const wide = await page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll(".view-scroll, dialog")];
    return boxes
      .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
      .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth}`);
  });
  expect(wide, where).toEqual([]);
}
