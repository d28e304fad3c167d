// Which language the page speaks: the one chosen, else the first of the browser's that there is.
import { batch } from "@preact/signals";
import { choice } from "../state/prefs";
import { type Catalogue, direction, locale, words } from "./t";

const catalogues = import.meta.glob<Catalogue>("./catalogues/*.json", { import: "default" });
const fileOf = (language: string) => `./catalogues/${language}.json`;

export const languages = ["en", ...Object.keys(catalogues).map((file) => file.slice(13, -5))];
export const language = choice<string>("language", ["system", ...languages]);

const rightToLeft = /^(ar|fa|he|ur)\b/;
const plain = (tag: string) => tag.split("-")[0]!.toLowerCase();

/** What is chosen, with the reader's own region where the browser tells one. */
function wanted(): string {
  const chosen = language.value;
  const known = navigator.languages.filter((tag) => languages.includes(plain(tag)));
  if (chosen === "system") return known[0] ?? "en";
  return known.find((tag) => plain(tag) === chosen) ?? chosen;
}

function speak(tag: string, catalogue: Catalogue) {
  const rtl = rightToLeft.test(tag);
  batch(() => {
    words.value = catalogue;
    // Digits as in the addresses, sizes and code beside them.
    locale.value = rtl ? `${tag}-u-nu-latn` : tag;
    direction.value = rtl ? "rtl" : "ltr";
  });
  const page = document.documentElement;
  page.lang = plain(tag);
  page.dir = direction.value;
}

/** Null: nothing to wait for. Without its catalogue the page goes on as it is. */
export function loadLanguage(): Promise<void> | null {
  const tag = wanted();
  const load = catalogues[fileOf(plain(tag))];
  if (!load) {
    speak(tag, {});
    return null;
  }
  return load().then(
    // Another one may have been chosen since.
    (catalogue) => void (tag === wanted() && speak(tag, catalogue)),
    () => {},
  );
}
