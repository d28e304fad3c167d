import type { Token } from "marked";
import { describe, expect, test } from "vitest";
import type { Formula } from "./formulas";
import { readMarkdown } from "./tokens";

/** All formulas of a text; what is still open stands in braces, what is displayed in bars. */
function found(markdown: string): string[] {
  const seen: string[] = [];
  const walk = (tokens: Token[]) => {
    for (const token of tokens) {
      const { type, text, display, open } = token as unknown as Formula;
      if (type === "formula") seen.push(open ? `{${text}}` : display ? `|${text}|` : text);
      const { items = [], rows = [], header = [] } = token as unknown as Record<string, Token[]>;
      for (const part of [token, ...items, ...header, ...rows.flat()]) walkInner(part);
    }
  };
  const walkInner = (part: Token) => walk((part as { tokens?: Token[] }).tokens ?? []);
  walk(readMarkdown(markdown, null).tokens!);
  return seen;
}

test.each([
  ["Let $x^2$ be.", ["x^2"]],
  ["Let $x$, $y_1$ and $z$-axis.", ["x", "y_1", "z"]],
  ["($n$)", ["n"]],
  ["\\(a+b\\) and \\[c\\]", ["a+b", "|c|"]],
  ["so $$\\sum_i i$$ holds", ["|\\sum_i i|"]],
  ["$$\nx = 1\n$$", ["|x = 1|"]],
  ["As follows:\n$$\nx\n$$\nand on", ["|x|"]],
  ["As follows:\n\\[\nx\n\\]\nand on", ["|x|"]],
  ["\\[ a \\\\[2pt] b \\]", ["|a \\\\[2pt] b|"]],
  ["So\n\\begin{align}\na\n\\end{align}", ["|\\begin{align}\na\n\\end{align}|"]],
  ["- one\n\n  $$\n  x\n  $$\n- $y$", ["|x|", "y"]],
  ["| a |\n|---|\n| $x$ |", ["x"]],
  ["**bold $x*y*z$**", ["x*y*z"]],
  ["$a_1$ and $b_2$ are _not_ one", ["a_1", "b_2"]],
  ["cost \\$5 and $x$", ["x"]],
  ["$\\text{5\\$}$", ["\\text{5\\$}"]],
  ["$2x$", ["2x"]],
])("%j holds %j", (markdown, formulas) => {
  expect(found(markdown)).toEqual(formulas);
});

test.each([
  "It is $5 and $10.",
  "It is $5-$10, or US$5 to US$10.",
  "From $1,000/month to $2,000/month.",
  "$5 for one, or two for 9$",
  "$20 now and 30$ later",
  "echo $HOME and $PATH",
  "export PATH=$HOME/bin:$PATH",
  "${HOME}/x:${PATH}",
  "`$x$` and ``$$y$$``",
  "```\n$x$\n```",
  "    $x$ indented",
  "\\$x\\$",
  "$ x $",
  "a$b$c",
  "$x\n\ny$",
  "as said \\[1\\] and \\[1, 2\\] and \\[x\\]",
  "\\( never closed",
  "We earn $$ with it",
  "\\begin{document}\n\nhello\n\n\\end{document}",
])("%j holds none", (markdown) => {
  expect(found(markdown)).toEqual([]);
});

test("what is displayed is known before its end is written", () => {
  expect(found("Now:\n\n$$\nx_1 + ")).toEqual(["{x_1 +}"]);
  expect(found("Now:\n\n$$\nx_1 + \n\nand more")).toEqual([]);
});

describe("the end of a text full of openings", () => {
  test.each(["$a ", "\\(a ", "\\[a ", "$$a ", "\n$$a", "\n\\[a", "x "])(
    "%j is reached",
    (piece) => {
      const read = readMarkdown(piece.repeat(100_000 / piece.length), null);
      expect(read.cost).toBeLessThan(20_000);
    },
  );
});
