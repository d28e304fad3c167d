import { lexer } from "marked";
import type { ComponentChildren, VNode } from "preact";
import { describe, expect, test } from "vitest";
import { blocks } from "./blocks";
import { decodeEntities } from "./entities";
import { hostOf, safeHref } from "./links";
import { labels, type Note } from "./notes";
import { readMarkdown, type Read } from "./tokens";

type Seen = { type: string; props: Record<string, unknown> };

/** All elements a text becomes, components unfolded, and its visible text. */
function render(markdown: string) {
  const elements: Seen[] = [];
  let text = "";
  const walk = (node: ComponentChildren): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === "string" || typeof node === "number") text += node;
    else if (node && typeof node === "object" && "type" in node) {
      const { type, props } = node as VNode<Record<string, unknown>>;
      if (typeof type === "string") elements.push({ type, props });
      else if (typeof props.code === "string") text += props.code;
      walk(props.children as ComponentChildren);
    }
  };
  walk(blocks(readMarkdown(markdown, null).tokens!));
  return { elements, text, named: (type: string) => elements.filter((one) => one.type === type) };
}

const SAFE =
  /^(p|h[3-6]|ul|ol|li|a|strong|em|del|code|br|hr|blockquote|div|table|thead|tbody|tr|th|td|span|input)$/;

const hostile = [
  "[x](javascript:alert(1))",
  "[x](javascript&#58;alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](&#x6A;avascript&colon;alert(1))",
  "[x](vbscript:msgbox(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](blob:http://evil.example/1)",
  "[x](file:///etc/passwd)",
  "[x](//evil.example)",
  "[x](/api/auth/logout)",
  "<javascript:alert(1)>",
  "[x]: javascript:alert(1)\n\n[x]",
  "![x](javascript:alert(1))",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  '<iframe src="https://evil.example"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  "<style>*{display:none}</style>",
  '<form action="https://evil.example"><input name=password></form>',
  "text <b onmouseover=alert(1)>x</b> text",
  "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
  "- <script>alert(1)</script>",
  "> <script>alert(1)</script>",
  "# <img src=x onerror=alert(1)>",
  "```html\n<script>alert(1)</script>\n```",
  '[x](https://ok.example "title\\" onclick=alert(1)")',
];

describe.each(hostile)("%j", (markdown) => {
  test("makes only known elements, without handlers, at every length", () => {
    for (let length = 1; length <= markdown.length; length++) {
      for (const { type, props } of render(markdown.slice(0, length)).elements) {
        expect(type).toMatch(SAFE);
        expect(Object.keys(props).filter((name) => /^on|src|style|html/i.test(name))).toEqual([]);
        if (type === "a") expect(props.href).toMatch(/^(https?|mailto):/);
      }
    }
  });
});

test("links of the web and mail open elsewhere and tell nothing", () => {
  const [link] = render("[site](https://example.org/a?b=c)").named("a");
  expect(link?.props).toMatchObject({
    href: "https://example.org/a?b=c",
    target: "_blank",
    rel: "noopener noreferrer",
    title: "https://example.org/a?b=c",
  });
  expect(render("[x](https://example.org/?a=1&amp;b=2)").named("a")[0]?.props.href).toBe(
    "https://example.org/?a=1&b=2",
  );
  expect(render("<me@example.org>").named("a")[0]?.props.href).toBe("mailto:me@example.org");
});

test("a link that is not allowed leaves its text", () => {
  expect(render("[press here](javascript:alert(1))").text).toBe("press here");
});

test("images are named, never loaded", () => {
  const { text, named } = render("![a map](https://tracker.example/p.png?id=7)");
  expect(named("img")).toEqual([]);
  expect(text).toBe("image: a map (tracker.example)");
  expect(render("![x](data:image/png;base64,AAAA)").text).toBe("image: x (data)");
});

test("raw HTML is shown as it was written", () => {
  expect(render("<script>alert(1)</script>").text).toBe("<script>alert(1)</script>");
  expect(render("a <b>c</b>").text).toBe("a <b>c</b>");
});

test("what people write most becomes what they mean", () => {
  const { named } = render(
    "# A\n\n1. **b**\n2. *c*\n\n- [x] done\n\n| h |\n|--:|\n| `x` |\n\n> q\n\n---",
  );
  expect(named("h3")).toHaveLength(1);
  expect(named("ol")).toHaveLength(1);
  expect(named("input")[0]?.props).toMatchObject({ checked: true, disabled: true });
  expect(named("td")[0]?.props.class).toBe("right");
  expect(named("hr")).toHaveLength(1);
});

test("character references are read, unknown ones kept", () => {
  expect(decodeEntities("a &amp; b &lt;i&gt; &#8364; &#x1F6A2; &nope; &amp;amp;")).toBe(
    "a & b <i> € 🚢 &nope; &amp;",
  );
  expect(decodeEntities("&constructor; &toString;")).toBe("&constructor; &toString;");
  expect(decodeEntities("&#0; &#99999999; &#x110000;")).toBe("&#0; &#99999999; &#x110000;");
});

test("only addresses that parse and are allowed pass", () => {
  expect(safeHref("https://example.org")).toBe("https://example.org/");
  expect(safeHref(" https://example.org ")).toBe("https://example.org/");
  expect(safeHref("example.org")).toBeNull();
  expect(hostOf("nonsense")).toBe("unknown");
});

/** The numbers that would be asked for, in order. */
function citations(markdown: string): number[] {
  const found: number[] = [];
  const walk = (node: ComponentChildren): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (node && typeof node === "object" && "type" in node) {
      const { props } = node as VNode<Record<string, unknown>>;
      if (Array.isArray(props.numbers)) found.push(...(props.numbers as number[]));
      walk(props.children as ComponentChildren);
    }
  };
  walk(blocks(lexer(markdown)));
  return found;
}

test.each([
  ["Leave is 27 days [1].", [1]],
  ["Leave is 27 days\u202f[1].", [1]],
  ["Both say so [1][2], and [3, 12].", [1, 2, 3, 12]],
  ["- **bold [2]**\n- next [1]", [2, 1]],
  ["| a |\n|---|\n| cell [4] |", [4]],
  ["As in [1].\n\n[1]: handbook.pdf", [1]],
  ["`list[1]` and `[2]`", []],
  ["```\nrows[1] = [2]\n```", []],
  ["    indented [1]", []],
  ["[1](https://example.org) [x](https://example.org/[2])", []],
  ["list[1234], [a], [ ], [1", []],
])("%j cites %j", (markdown, expected) => {
  expect(citations(markdown)).toEqual(expected);
});

test("a number that stands for nothing stays as it was written", () => {
  expect(render("See [1] and [2, 3]").text).toBe("See [1] and [2, 3]");
});
test("a list may begin at nought", () => {
  expect(render("0. a\n1. b").named("ol")[0]?.props.start).toBe(0);
});

test.each([
  ["quotes", ">".repeat(3000) + "a"],
  ["lists", "- ".repeat(5000) + "a"],
  ["emphasis", "*".repeat(4000) + "a" + "*".repeat(4000)],
  ["emphasis in a table", `| h |\n|---|\n| ${"*".repeat(300)}a${"*".repeat(300)} |`],
  ["a few quotes", "> ".repeat(40) + "a"],
])("%s nested beyond reason are drawn, or left as they are", (_, markdown) => {
  const { tokens } = readMarkdown(markdown, null);
  if (tokens) expect(render(markdown).text).toContain("a");
});

const document = [
  "# Title\n\nA paragraph with *emphasis*\nover two lines.\n\n",
  "- one\n- two\n\n  more of two\n\n- three\n    - nested\n\n",
  "1. first\n2. second\n\n```js\nconst a = 1;\n\n\nlet b;\n```\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\nlazy\n\n> again\n\n    indented\n\n    code\n\n",
  "Heading\n===\n<div>\nhtml\n\n</div>\n***\n~~~\nopen fence\n\n# not a heading\n~~~\n",
  "so:\n$$\nx_1 + x_2\n$$\nand $y$\n\n\\[ z\n\\]\n\n",
  "tail\r\nwith returns\r\n\r\nend [ref][r]\n\n[r]: https://example.org/a\n\nlast\n\nwords",
].join("");

test.each([1, 3, 17])(
  "a text read while it grows, %i more at a time, is the same as read at once",
  (step) => {
    let read: Read | null = null;
    for (let length = step; length < document.length + step; length += step) {
      const text = document.slice(0, length);
      read = readMarkdown(text, read);
      expect(read.tokens).toEqual(readMarkdown(text, null).tokens);
    }
  },
);

test("footnotes are said where they stand, and are no links", () => {
  const { tokens } = readMarkdown(
    "As noted[^1], and[^b].\n\n[^1]: The *first*\nover two lines.\n[^b]: https://example.org\n\nEnd [^x].",
    null,
  );
  const notes = tokens!.filter((token) => token.type === "note");
  expect(notes.map((token) => [(token as Note).label, token.raw.trim()])).toEqual([
    ["1", "[^1]: The *first*\nover two lines."],
    ["b", "[^b]: https://example.org"],
  ]);
  expect(labels(tokens!)).toBe(" 1  b ");
  expect(tokens!.links).toEqual({});
});
