import { msg, t } from "../language/t";
import type { Part } from "../types";

/** What a notice means for who reads the answer below it. */
const meaning: Record<string, string> = {
  nothing_found: msg("This answer comes from the model alone."),
};

export function noteText({ code, text }: Extract<Part, { type: "notice" }>): string {
  const said = t(text);
  const sentence = /[.!?؟。]$/.test(said) ? said : `${said}.`;
  const then = meaning[code];
  return then ? `${sentence} ${t(then)}` : sentence;
}
