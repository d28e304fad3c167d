// What the model saw, in words. Knows no network and no views.
import type { Context, ContextSegment, LeftOut } from "../types";

/** From here on a meter says more than how full it is. */
export const NEARLY_FULL = 0.7;

const NAMES: Record<string, string> = {
  system: "Instructions",
  memory: "Remembered",
  summary: "Summary of older messages",
  document: "How to use the excerpts",
  question: "Your question",
  answer: "The answer so far",
  template: "Format of the model",
};

export function nameOf({ kind, label }: ContextSegment): string {
  if (kind === "history") return label === "assistant" ? "Earlier answer" : "Your earlier message";
  if (kind === "document") return label || NAMES.document!;
  return NAMES[kind] ?? kind;
}

export const tokens = (count: number) =>
  `${count.toLocaleString()} ${count === 1 ? "token" : "tokens"}`;

export const sumOf = ({ segments }: Context) =>
  segments.reduce((sum, segment) => sum + segment.tokens, 0);

const many = (count: number, one: string, more: string) =>
  count ? [`${count.toLocaleString()} ${count === 1 ? one : more}`] : [];

/** What did not fit, or nothing. */
export function missing({ messages, memories, sources, characters }: LeftOut): string {
  const found = [
    ...many(messages, "older message", "older messages"),
    ...many(sources, "excerpt", "excerpts"),
    ...many(memories, "memory", "memories"),
    ...many(characters, "character of the last message", "characters of the last message"),
  ];
  return found.length ? `Left out, because it did not fit: ${found.join(", ")}.` : "";
}

/** How full the window is once the answer is in it too; null where it is not known. */
export function fullness({ window, prompt_tokens }: Context, written: number | null) {
  if (!window || prompt_tokens === null) return null;
  return Math.min(1, (prompt_tokens + (written ?? 0)) / window);
}
