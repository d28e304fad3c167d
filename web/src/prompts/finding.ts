// Which prompt somebody means who types after a slash.
import type { Prompt } from "../types";

/** What stands between the slash and the caret, where the slash begins a line. */
export interface Slash {
  at: number;
  query: string;
}

const LONGEST = 60;
const SLASH = /(?:^|\n)[ \t]*\/([^\n/]*)$/;

export function slashBefore(text: string, caret: number): Slash | null {
  const from = Math.max(0, caret - LONGEST - 80);
  const query = SLASH.exec(text.slice(from, caret))?.[1];
  if (query === undefined || query.length > LONGEST || /^\s/.test(query)) return null;
  return { at: caret - query.length - 1, query };
}

/** All words are in the name; names that begin so come first. */
export function matching(prompts: readonly Prompt[], query: string): Prompt[] {
  const wanted = query.toLocaleLowerCase().trim();
  const words = wanted.split(/\s+/);
  const rank = (prompt: Prompt) => {
    const name = prompt.name.toLocaleLowerCase();
    if (!words.every((word) => name.includes(word))) return 0;
    return name.startsWith(wanted) ? 2 : 1;
  };
  const ranked = prompts.map((prompt) => ({ prompt, rank: rank(prompt) }));
  return ranked
    .filter((one) => one.rank)
    .sort((a, b) => b.rank - a.rank)
    .map((one) => one.prompt);
}
