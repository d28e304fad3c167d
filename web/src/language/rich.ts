import type { ComponentChildren } from "preact";
import { words } from "./t";

type Part = ComponentChildren | ((inside: string) => ComponentChildren);

const PART = /<(\w+)>(.*?)<\/\1>|\{(\w+)\}/gs;

/** A sentence with elements in it: `rich("Read <a>the guide</a>", { a: (text) => <a href="/">{text}</a> })`. */
export function rich(text: string, parts: Record<string, Part>): ComponentChildren[] {
  const found = (words.value[text] as string | undefined) ?? text;
  const pieces: ComponentChildren[] = [];
  let from = 0;
  for (const { 0: whole, 1: tag, 2: inside = "", 3: name = "", index } of found.matchAll(PART)) {
    const part = parts[tag ?? name];
    pieces.push(found.slice(from, index), typeof part === "function" ? part(inside) : part);
    from = index + whole.length;
  }
  return [...pieces, found.slice(from)];
}
