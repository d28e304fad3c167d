// An answer is read again with every word it grows by: only its end is new.
import { getDefaults, lexer, type MarkedOptions, type TokensList } from "marked";
import { flatten } from "./depth";
import { formulas } from "./formulas";
import { notes } from "./notes";

export interface Read {
  text: string;
  /** Null: markup too wild to be read. The text is shown as it is. */
  tokens: TokensList | null;
  at: number;
  /** Milliseconds it took. */
  cost: number;
}

/** Two blocks from the end: a list goes on after an empty line. */
const OPEN = 2;

const options: MarkedOptions = {
  ...getDefaults(),
  extensions: {
    renderers: {},
    childTokens: {},
    inline: [formulas.inline, notes.inline],
    block: [formulas.block, notes.block],
    startInline: [formulas.startInline],
    startBlock: [formulas.startBlock],
  },
};

function extended(before: Read, text: string): TokensList | null {
  const { tokens } = before;
  // A definition changes links anywhere.
  if (!tokens || !text.startsWith(before.text) || Object.keys(tokens.links).length) return null;
  const kept = tokens.slice(0, -OPEN);
  const raw = kept.map((token) => token.raw).join("");
  // Carriage returns are not in the tokens.
  if (!raw || !text.startsWith(raw)) return null;
  const rest = lexer(text.slice(raw.length), options);
  if (Object.keys(rest.links).length) return null;
  return Object.assign([...kept, ...flatten(rest)], { links: rest.links });
}

export function readMarkdown(text: string, before: Read | null): Read {
  const start = performance.now();
  let tokens: TokensList | null;
  try {
    tokens = (before && extended(before, text)) ?? flatten(lexer(text, options));
  } catch {
    // Nested until the stack ends.
    tokens = null;
  }
  const at = performance.now();
  return { text, tokens, at, cost: at - start };
}
