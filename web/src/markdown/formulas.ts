// LaTeX between its delimiters, which marked does not know. Dollars follow Pandoc: prices and shell variables are text.
import type { TokenizerExtensionFunction, TokenizerStartFunction } from "marked";

export interface Formula {
  type: "formula";
  raw: string;
  /** Without the delimiters. */
  text: string;
  display: boolean;
  /** Its end is still to be written. */
  open?: boolean;
}

// Of everything that repeats the length is bounded: a text full of openings must not be read to its end for each.
const DOLLARS = /^\$(?!\s)((?:\\[^\n]|[^\\$\n]|\n(?![ \t]*\n)){1,1000}?)(?<!\s)\$(?![\w${])/;
const DOUBLE = /^\$\$((?:\\[^]|[^\\$]|\$(?!\$)){1,5000}?)\$\$/;
const ROUND = /^\\\(((?:\\[^()]|[^\\]){1,1000}?)\\\)/;
const SQUARE = /^\\\[((?:\\[^[\]]|[^\\]){1,5000}?)\\\]/;
const LINE = /^ {0,3}(?=\$\$|\\\[|\\begin\{)/;
const ENVIRONMENT =
  /^(\\begin\{((?:equation|align|alignat|gather|multline)\*?)\}[^]{1,5000}?\\end\{\2\})/;
const REST_OF_LINE = /^[ \t]*(?:\n+|$)/;
const OPEN = /^ {0,3}(?:\$\$|\\\[)((?:[^\n]|\n(?![ \t]*\n)){0,5000})$/;

/** "$5 for one, or two for 9$" */
const isPrice = (text: string) => /^\d[^]*\s/.test(text) && !/[\\^_{}=+*/<>|]/.test(text);

/** Escaped brackets, as around a citation. */
const isBracket = (raw: string) => /^\\\[[\d ,x]*\\\]$/i.test(raw);

function formula(match: RegExpExecArray | null, display: boolean): Formula | undefined {
  const text = match?.[1]?.trim();
  if (!text || /\n[ \t]*\n/.test(text)) return;
  return { type: "formula", raw: match![0], text, display };
}

function displayed(src: string): Formula | undefined {
  if (src.startsWith("\\begin")) return formula(ENVIRONMENT.exec(src), true);
  if (src.startsWith("$$")) return formula(DOUBLE.exec(src), true);
  const found = src.startsWith("\\[") ? formula(SQUARE.exec(src), true) : undefined;
  return found && !isBracket(found.raw) ? found : undefined;
}

const inline: TokenizerExtensionFunction = (src, tokens) => {
  if (src.startsWith("\\(")) return formula(ROUND.exec(src), false);
  if (src[0] !== "$" && src[0] !== "\\") return;
  const found = displayed(src);
  if (found || src[0] === "\\") return found;
  const before = tokens.at(-1)?.raw.at(-1) ?? "";
  if (/[\w$\\]/.test(before)) return;
  const single = formula(DOLLARS.exec(src), false);
  return single && !isPrice(single.text) ? single : undefined;
};

function blockAt(src: string): Formula | undefined {
  const indent = LINE.exec(src)?.[0].length;
  if (indent === undefined) return;
  const found = displayed(src.slice(indent));
  if (found) {
    const end = indent + found.raw.length;
    const rest = REST_OF_LINE.exec(src.slice(end));
    return rest ? { ...found, raw: src.slice(0, end + rest[0].length) } : undefined;
  }
  const open = OPEN.exec(src);
  if (!open || /\$\$|\\\]/.test(open[1]!)) return;
  return { type: "formula", raw: open[0], text: open[1]!.trim(), display: true, open: true };
}

const block: TokenizerExtensionFunction = (src) => blockAt(src);

const AHEAD = 5000;

/** Where a paragraph ends for one; looked for within the paragraph, and not to the end of a long one. */
const startBlock: TokenizerStartFunction = (src) => {
  const near = src.slice(0, AHEAD);
  const end = near.search(/\n[ \t]*\n/);
  for (const { index } of (end < 0 ? near : near.slice(0, end)).matchAll(
    /\n(?= {0,3}(?:\$\$|\\\[|\\begin\{))/g,
  ))
    if (blockAt(src.slice(index + 1))) return index + 1;
  return undefined;
};

/** Not looked for to the end of the text, for each of its words. */
const startInline: TokenizerStartFunction = (src) => {
  const at = src.slice(0, AHEAD).indexOf("$");
  if (at >= 0) return at;
  return src.length > AHEAD ? AHEAD : undefined;
};

export const formulas = { inline, block, startInline, startBlock };
