// Words of the page in the reader's language. The English text is the key, so English needs no catalogue.
import { computed, signal } from "@preact/signals";

/** By what `Intl.PluralRules` calls a count in that language. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<string, string | Forms>;

export const words = signal<Catalogue>({});
/** The language with the region the reader lives in, for numbers, dates and plurals. */
export const locale = signal("en");
export const direction = signal<"ltr" | "rtl">("ltr");

const plurals = computed(() => new Intl.PluralRules(locale.value));
const numbers = computed(() => new Intl.NumberFormat(locale.value));

/** The names between braces, so that none is forgotten or misspelt. */
type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Name extends string> = Record<Name, string | number>;
type Given<Name extends string> = [Name] extends [never] ? [] : [values: Values<Name>];
/** A text out of a table does not tell. */
type GivenTo<S extends string> = string extends S ? [values?: Values<string>] : Given<Names<S>>;

export const number = (value: number) => numbers.value.format(value);

/** What a person wrote may run the other way, and must not pull the sentence along. */
export const apart = (text: string) => (direction.value === "rtl" ? `\u2068${text}\u2069` : text);

const shown = (value: string | number) =>
  typeof value === "number" ? number(value) : apart(value);

const fill = (text: string, values: Values<string>) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]!) : whole));

/** `t("Delete {title}?", { title })`. Not at the top of a module, where no catalogue is loaded yet: see `msg`. */
export function t<S extends string>(text: S, ...[values]: GivenTo<S>): string {
  const found = (words.value[text] as string | undefined) ?? text;
  return values ? fill(found, values) : found;
}

/** `plural(count, "{n} page", "{n} pages")`. */
export function plural<S extends string>(
  n: number,
  one: string,
  other: S,
  ...[values]: Given<Exclude<Names<S>, "n">>
): string {
  const rule = plurals.value.select(n);
  const forms = words.value[other];
  const english = rule === "one" ? one : other;
  const found = typeof forms === "object" ? (forms[rule] ?? forms.other) : undefined;
  return fill(found ?? english, { n, ...values });
}

/** Marks a text that is kept in a table and translated where it is shown: `t(label)`. */
export const msg = (text: string) => text;
