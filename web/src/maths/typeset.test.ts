import type { ComponentChild, VNode } from "preact";
import { describe, expect, test } from "vitest";
import { element } from "./elements";
import { typeset, type Tree } from "./typeset";

type Seen = { type: string; props: Record<string, unknown> };

/** The elements a formula becomes, and its letters. */
function drawn(tree: Tree) {
  const elements: Seen[] = [];
  let text = "";
  const walk = (node: ComponentChild | ComponentChild[]): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === "string") text += node;
    else if (node && typeof node === "object") {
      const { type, props } = node as VNode<Record<string, unknown>>;
      elements.push({ type: type as string, props });
      walk(props.children as ComponentChild[]);
    }
  };
  walk(element(tree));
  return { elements, text };
}

function ofSource(source: string, display = false) {
  const result = typeset(source, display);
  if ("fault" in result) throw new Error(result.fault ?? "too large");
  return drawn(result.tree);
}

test("what people write is drawn", () => {
  const { elements, text } = ofSource("\\frac{1}{2} + \\sqrt{x}", true);
  const names = elements.map((one) => one.type);
  expect(names[0]).toBe("math");
  expect(names).toContain("mfrac");
  expect(names).toContain("msqrt");
  expect(text).toBe("12+x");
});

test.each(["\\frac{1", "\\nosuchthing{x}", "x^2^3", "\\begin{align} x"])(
  "%j is no LaTeX, and says why",
  (source) => {
    expect(typeset(source, false)).toMatchObject({ fault: expect.stringMatching(/\w/) });
  },
);

test.each([
  ["a macro that calls itself", "\\def\\a{\\a\\a}\\a"],
  [
    "a macro that grows",
    "\\def\\a{xxxxxxxxxx}\\def\\b{\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a}\\def\\c{\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b}\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c",
  ],
  ["a table of thousands", `\\begin{matrix}${"x&".repeat(2400)}\\end{matrix}`],
])("%s is refused", (_, source) => {
  expect(typeset(source, true)).toHaveProperty("fault");
});

const hostile = [
  "\\href{javascript:alert(1)}{x}",
  "\\url{javascript:alert(1)}",
  "\\includegraphics{https://evil.example/x.png}",
  "\\htmlData{x=1}{y}",
  "\\class{sidebar}{x}",
  "\\id{app}{x}",
  "\\style{position:fixed;inset:0}{x}",
  "\\textcolor{red;background:url(https://evil.example)}{x}",
  "\\color{url(https://evil.example)}x",
  "\\fcolorbox{red}{url(//evil.example)}{x}",
  "\\text{<img src=x onerror=alert(1)>}",
  "\\text{</math><script>alert(1)</script>}",
  "\\rule{1000000em}{1000000em}",
  "\\kern{-99999em}x",
  "\\raise{9999em}{x}",
  "\\unicode{x3c}script",
  "\\tag{<img src=x onerror=alert(1)>}",
  '\\label{"><script>alert(1)</script>}',
  "\\def\\href#1{#1}\\href{javascript:alert(1)}",
];

const STYLE = /^(?!.*(url|image|\\|;))[-\w.,%# '()]+$/i;

describe.each(hostile)("%j", (source) => {
  test("draws nothing that loads, links or runs", () => {
    const result = typeset(source, true);
    if ("fault" in result) return;
    for (const { type, props } of drawn(result.tree).elements) {
      expect(type).toMatch(/^(math|m\w+|none|span)$/);
      const names = Object.keys(props).filter((name) => name !== "children");
      expect(names.filter((name) => /^(on|src|href|id|data|xlink|action)/i.test(name))).toEqual([]);
      for (const value of Object.values((props.style ?? {}) as Record<string, string>))
        expect(value).toMatch(STYLE);
    }
  });
});

test("what is not on the list is left out, whoever made the tree", () => {
  const { elements, text } = drawn([
    "math",
    {
      onclick: "alert(1)",
      href: "javascript:1",
      "style:position": "fixed",
      "style:background": "url(x)",
    },
    [
      ["script", { src: "x" }, ["alert(1)"]],
      ["maction", { actiontype: "x" }, [["mi", {}, ["y"]]]],
    ],
  ]);
  expect(elements.map((one) => one.type)).toEqual(["math", "mi"]);
  expect(Object.keys(elements[0]!.props)).toEqual(["children"]);
  expect(text).toBe("alert(1)y");
});
