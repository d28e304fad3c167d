import type { Token, Tokens } from "marked";

/** Deeper than people write; every level takes its share of the stack when it is drawn. */
const DEEPEST = 50;

type Parent = Partial<
  Pick<Tokens.Paragraph, "tokens"> &
    Pick<Tokens.List, "items"> &
    Pick<Tokens.Table, "header" | "rows">
>;

function inner({ tokens, items = [], header = [], rows = [] }: Parent): Token[][] {
  const parts = [...items, ...header, ...rows.flat()].map((part) => part.tokens);
  return tokens ? [...parts, tokens] : parts;
}

/** What lies too deep becomes the text it was. */
export function flatten<T extends Token[]>(tokens: T, left = DEEPEST): T {
  for (const token of tokens) {
    for (const children of inner(token as Parent)) {
      if (left) flatten(children, left - 1);
      else {
        const raw = children.map((child) => child.raw).join("");
        children.splice(0, children.length, { type: "text", raw, text: raw });
      }
    }
  }
  return tokens;
}
