// The texts that the page's source hands to `t` and its like. For the tests: nothing of the page imports this.
import { readFileSync, readdirSync } from "node:fs";
import { parseSync } from "vite";

export interface Key {
  text: string;
  /** Of a plural: what stands for one of them. */
  one?: string;
  where: string;
}

interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

const source = new URL("../", import.meta.url);
const CALLS = new Set(["t", "msg", "rich", "plural"]);
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value;

export const files = () =>
  readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter(
      (file) =>
        /\.tsx?$/.test(file) && !/\.(test|d)\.ts$|^language\/keys|^trust\/|^docs\.ts/.test(file),
    )
    .sort();

type Visit = (node: Node, inFunction: boolean, parent: Node | null) => void;

function walk(node: Node, visit: Visit, inFunction = false, parent: Node | null = null) {
  visit(node, inFunction, parent);
  const inside = inFunction || /Function/.test(node.type);
  for (const value of Object.values(node).flat())
    if (isNode(value)) walk(value, visit, inside, node);
}

/** The text of a literal, of several added, or undefined. */
function literal(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type !== "BinaryExpression" || node.operator !== "+") return undefined;
  const [left, right] = [literal(node.left), literal(node.right)];
  return left !== undefined && right !== undefined ? left + right : undefined;
}

export interface Reading {
  keys: Key[];
  /** Calls that no catalogue can serve. */
  wrong: string[];
  /** Words that are shown as they are written. */
  bare: string[];
}

const SHOWN = /^(label|title|placeholder|alt|hint|action|aria-(label|description|valuetext))$/;
/** What is said when something happened. */
const SAYING = new Set(["announce", "Error"]);
const NAMES = new Set(["Gantry Edge", "HTTP", "HTTPS"]);

/** Words that `node` may come to, without those that went through a call. */
function said(node: unknown): string[] {
  if (!isNode(node)) return [];
  const { type } = node;
  if (type === "JSXExpressionContainer") return said(node.expression);
  if (type === "ConditionalExpression") return [...said(node.consequent), ...said(node.alternate)];
  if (type === "LogicalExpression" || type === "BinaryExpression") {
    return /^[=!<>]/.test(String(node.operator)) ? [] : [...said(node.left), ...said(node.right)];
  }
  if (type === "TemplateLiteral") {
    const text = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
    return [text.join("…")].filter(isWords);
  }
  const text = type === "JSXText" ? String(node.value) : (literal(node) ?? "");
  return [text.replace(/\s+/g, " ").trim()].filter(isWords);
}

const isWords = (text: string) => /\p{L}{2}/u.test(text) && !NAMES.has(text);

const isCode = (parent: Node | null) =>
  ((parent?.openingElement as Node | undefined)?.name as Node | undefined)?.name === "code";

/** What a place shows as it is written. */
function bareIn(node: Node, parent: Node | null): string[] {
  const { type } = node;
  if (type === "JSXText") return isCode(parent) ? [] : said(node);
  if (type === "JSXExpressionContainer") return parent?.type === "JSXAttribute" ? [] : said(node);
  if (type === "JSXAttribute") {
    return SHOWN.test(String((node.name as Node).name)) ? said(node.value) : [];
  }
  if (type === "Property") {
    return SHOWN.test(String((node.key as Node).name)) ? said(node.value) : [];
  }
  if (type !== "CallExpression" && type !== "NewExpression") return [];
  const given = (node.arguments as Node[])[0];
  return SAYING.has(String((node.callee as Node).name)) ? said(given) : [];
}

function readCall(node: Node, where: string, inFunction: boolean, { keys, wrong }: Reading) {
  const name = String((node.callee as Node).name);
  if (!CALLS.has(name)) return;
  if (name !== "msg" && !inFunction) wrong.push(`${where}: no catalogue is loaded yet, use msg()`);
  const given = node.arguments as Node[];
  const text = literal(given[name === "plural" ? 2 : 0]);
  const one = name === "plural" ? literal(given[1]) : undefined;
  if (text !== undefined) keys.push({ text, one, where });
  // A name stands for a text that was marked by msg().
  else if (name !== "t" || given[0]?.type === "TemplateLiteral") {
    wrong.push(`${where}: the text must stand there`);
  }
}

export function readText(text: string, file: string): Reading {
  const reading: Reading = { keys: [], wrong: [], bare: [] };
  const { program } = parseSync(file, text);
  walk(program as unknown as Node, (node, inFunction, parent) => {
    const where = () => `${file}:${text.slice(0, node.start).split("\n").length}`;
    if (node.type === "CallExpression") readCall(node, where(), inFunction, reading);
    reading.bare.push(...bareIn(node, parent).map((words) => `${where()} ${words}`));
  });
  return reading;
}

export const readFile = (file: string) =>
  readText(readFileSync(new URL(file, source), "utf8"), file);
