// A long text as blocks the browser can leave unpainted until they are near. Pure.

/** A stretch of the text, in units of a JavaScript string. */
export interface Block {
  from: number;
  to: number;
  /** The page that begins here, counted from 1. */
  page: number | null;
}

const LONGEST = 3000;
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** The server counts characters, a JavaScript string counts some of them twice. */
export function unitsOf(text: string, offsets: number[]): number[] {
  const order = offsets.map((_, at) => at).sort((a, b) => offsets[a]! - offsets[b]!);
  const units = [...offsets];
  const pairs = text.matchAll(PAIR);
  let pair = pairs.next();
  let passed = 0;
  for (const at of order) {
    while (!pair.done && pair.value.index - passed < offsets[at]!) {
      passed++;
      pair = pairs.next();
    }
    units[at] = Math.min(offsets[at]! + passed, text.length);
  }
  return units;
}

/** Where a block from `from` ends: after an empty line, a line or a word, and never inside a character. */
function cut(text: string, from: number, end: number): number {
  if (end - from <= LONGEST) return end;
  const most = from + LONGEST;
  for (const gap of ["\n\n", "\n", " "]) {
    const found = text.lastIndexOf(gap, most - gap.length);
    if (found > from + LONGEST / 4) return found + gap.length;
  }
  return /[\udc00-\udfff]/.test(text[most]!) ? most - 1 : most;
}

/** `pages`: where each begins, in units. */
export function blocksOf(text: string, pages: number[]): Block[] {
  const blocks: Block[] = [];
  const add = (from: number, end: number, page: number | null) => {
    do {
      const to = cut(text, from, end);
      blocks.push({ from, to, page });
      page = null;
      from = to;
    } while (from < end);
  };
  const first = pages[0] ?? text.length;
  if (first > 0) add(0, first, null);
  pages.forEach((from, at) => add(from, pages[at + 1] ?? text.length, at + 1));
  return blocks;
}

/** What of a block lies before, in and behind a place of the text. */
export function around({ from, to }: Block, start: number, end: number): [number, number] {
  const clamp = (value: number) => Math.min(Math.max(value, from), to);
  return [clamp(start), clamp(end)];
}
