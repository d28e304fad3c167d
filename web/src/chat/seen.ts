// What the model saw, in words. Knows no network and no views.
import { list } from "../language/formats";
import { msg, plural, t } from "../language/t";
import type { Context, ContextSegment, LeftOut } from "../types";

/** From here on a meter says more than how full it is. */
export const NEARLY_FULL = 0.7;

const NAMES: Record<string, string> = {
  system: msg("Instructions"),
  memory: msg("Remembered"),
  summary: msg("Summary of older messages"),
  document: msg("How to use the excerpts"),
  question: msg("Your question"),
  answer: msg("The answer so far"),
  template: msg("Format of the model"),
};

export function nameOf({ kind, label }: ContextSegment): string {
  if (kind === "history")
    return label === "assistant" ? t("Earlier answer") : t("Your earlier message");
  if (kind === "document") return label || t(NAMES.document!);
  return t(NAMES[kind] ?? kind);
}

export const tokens = (count: number) => plural(count, "{n} token", "{n} tokens");

export const sumOf = ({ segments }: Context) =>
  segments.reduce((sum, segment) => sum + segment.tokens, 0);

/** What did not fit, or nothing. */
export function missing({ messages, memories, sources, characters }: LeftOut): string {
  const found = [
    messages && plural(messages, "{n} older message", "{n} older messages"),
    sources && plural(sources, "{n} excerpt", "{n} excerpts"),
    memories && plural(memories, "{n} memory", "{n} memories"),
    characters &&
      plural(characters, "{n} character of the last message", "{n} characters of the last message"),
  ].filter((one) => one !== 0);
  return found.length ? t("Left out, because it did not fit: {what}.", { what: list(found) }) : "";
}

/** How full the window is once the answer is in it too; null where it is not known. */
export function fullness({ window, prompt_tokens }: Context, written: number | null) {
  if (!window || prompt_tokens === null) return null;
  return Math.min(1, (prompt_tokens + (written ?? 0)) / window);
}
