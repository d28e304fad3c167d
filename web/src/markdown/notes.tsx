// Footnotes, which marked does not know: "[^1]" in the text and "[^1]: …" where it is said.
import { createContext, type ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import type { TokenizerExtensionFunction, Tokens } from "marked";
import { t } from "../language/t";

export interface Note extends Tokens.Generic {
  type: "note" | "noteRef";
  label: string;
}

/** Those that are said somewhere in this text; brackets around any other stay what they are. */
export const Notes = createContext("");

const REF = /^\[\^([^\]\s]{1,40})\]/;
const SAID =
  /^ {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*((?:[^\n]|\n(?=(?: {2}|\t)\S)|\n(?![ \t]*(?:\n|\[\^|$))){0,5000})(?:\n+|$)/;

export const notes: { inline: TokenizerExtensionFunction; block: TokenizerExtensionFunction } = {
  inline(src) {
    const found = REF.exec(src);
    return found ? { type: "noteRef", raw: found[0], label: found[1] } : undefined;
  },
  block(src) {
    const found = SAID.exec(src);
    if (!found) return;
    const [raw, label, text] = found;
    return { type: "note", raw: raw!, label, tokens: this.lexer.inlineTokens(text!.trim()) };
  },
};

const key = (label: string) => ` ${label} `;

export const labels = (tokens: { type: string }[]) =>
  tokens.map((token) => (token.type === "note" ? key((token as Note).label) : "")).join("");

function jump({ currentTarget }: { currentTarget: HTMLElement }, to: string) {
  const found = currentTarget.closest(".markdown")?.querySelector<HTMLElement>(to);
  found?.scrollIntoView({ block: "nearest" });
  found?.focus();
}

export function NoteRef({ raw, label }: Note) {
  if (!useContext(Notes).includes(key(label))) return <>{raw}</>;
  return (
    <sup>
      <button
        type="button"
        class="quiet note-ref"
        data-ref={label}
        aria-label={t("Footnote {label}", { label })}
        onClick={(event) => jump(event, `[data-note="${CSS.escape(label)}"]`)}
      >
        {label}
      </button>
    </sup>
  );
}

export function NoteText({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <p class="note" dir="auto" data-note={label} tabIndex={-1}>
      <sup>{label}</sup> {children}{" "}
      <button
        type="button"
        class="quiet"
        aria-label={t("Back to the text")}
        onClick={(event) => jump(event, `[data-ref="${CSS.escape(label)}"]`)}
      >
        ↩
      </button>
    </p>
  );
}
