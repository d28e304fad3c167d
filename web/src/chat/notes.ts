import type { Part } from "../types";

/** What a notice means for who reads the answer below it. */
const meaning: Record<string, string> = {
  nothing_found: "This answer comes from the model alone.",
};

export function noteText({ code, text }: Extract<Part, { type: "notice" }>): string {
  const sentence = /[.!?]$/.test(text) ? text : `${text}.`;
  return [sentence, meaning[code]].filter(Boolean).join(" ");
}
