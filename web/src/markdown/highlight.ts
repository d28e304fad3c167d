// highlight.js through lowlight: its tokens as a tree, which becomes vnodes. The core is loaded with the first
// fenced block, each language with the first block written in it.
import { signal } from "@preact/signals";
import { h, type ComponentChildren } from "preact";
import type { Highlighter } from "./lowlight";

type Load = () => Promise<{ default: unknown }>;

const languages: Record<string, Load> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  go: () => import("highlight.js/lib/languages/go"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  php: () => import("highlight.js/lib/languages/php"),
  powershell: () => import("highlight.js/lib/languages/powershell"),
  python: () => import("highlight.js/lib/languages/python"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const aliases: Record<string, string> = {
  "c++": "cpp",
  cs: "csharp",
  console: "bash",
  docker: "dockerfile",
  golang: "go",
  html: "xml",
  js: "javascript",
  jsx: "javascript",
  kt: "kotlin",
  make: "makefile",
  md: "markdown",
  ps1: "powershell",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  svg: "xml",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  yml: "yaml",
  zsh: "bash",
};

/** Colouring more than this costs more than it tells. */
const LONGEST = 50_000;

const highlighter = signal<Highlighter | null>(null);
const loaded = signal<ReadonlySet<string>>(new Set());

/** The full name of a language that can be coloured, or null. */
export function languageOf(name: string): string | null {
  const known = aliases[name.toLowerCase()] ?? name.toLowerCase();
  return Object.hasOwn(languages, known) ? known : null;
}

/** What files of it end with. */
export function extensionOf(language: string): string {
  const written = language.toLowerCase();
  const name = languageOf(written);
  if (!name) return "txt";
  if (Object.hasOwn(aliases, written) && /^\w{2,4}$/.test(written)) return written;
  return Object.keys(aliases).find((one) => aliases[one] === name && /^\w{2,3}$/.test(one)) ?? name;
}

export function loadLanguage(name: string) {
  const language = languageOf(name);
  if (!language || loaded.peek().has(language)) return;
  void Promise.all([import("./lowlight"), languages[language]!()])
    .then(([core, grammar]) => {
      core.register(language, grammar.default);
      highlighter.value = core;
      loaded.value = new Set([...loaded.peek(), language]);
    })
    // Plain code is fine too.
    .catch(() => {});
}

/** Null until the language is there. */
export function highlight(code: string, name: string): ComponentChildren {
  const language = languageOf(name);
  const core = highlighter.value;
  if (!language || !core || !loaded.value.has(language) || code.length > LONGEST) return null;
  return core.tree(code, language).map(toVnode);
}

type Node = ReturnType<Highlighter["tree"]>[number];

function toVnode(node: Node): ComponentChildren {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return null;
  const names = node.properties.className;
  return h(
    "span",
    { class: Array.isArray(names) ? names.join(" ") : "" },
    node.children.map(toVnode),
  );
}
