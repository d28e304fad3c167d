// Inline tokens to vnodes. Markup that is not known stays visible as text.
import type { Token, Tokens } from "marked";
import type { ComponentChildren } from "preact";
import { t } from "../language/t";
import { Icon } from "../ui/Icon";
import { lazy } from "../ui/lazy";
import { Citations, cited } from "./citations";
import { decodeEntities } from "./entities";
import type { Formula as FormulaToken } from "./formulas";
import { NoteRef, type Note } from "./notes";
import { hostOf, safeHref } from "./links";

export interface FormulaProps {
  source: string;
  display: boolean;
  /** As it was written, with its delimiters. */
  raw: string;
}

const Source = ({ raw, display }: FormulaProps) => (
  <code class={`formula-source ${display ? "display" : ""}`}>{raw}</code>
);
const Formula = lazy(() => import("../maths/Formula").then((m) => m.Formula), Source, Source);

export function inline(tokens: Token[] = []): ComponentChildren[] {
  return tokens.map((token) => inlineToken(token));
}

function inlineToken(token: Token): ComponentChildren {
  switch (token.type) {
    case "text":
    case "escape":
      return "tokens" in token && token.tokens
        ? inline(token.tokens)
        : cited(decodeEntities(token.text));
    case "strong":
      return <strong>{inline(token.tokens)}</strong>;
    case "em":
      return <em>{inline(token.tokens)}</em>;
    case "del":
      return <del>{inline(token.tokens)}</del>;
    case "codespan":
      return <code>{token.text}</code>;
    case "br":
      return <br />;
    case "formula":
      return formula(token as FormulaToken);
    case "noteRef":
      return <NoteRef {...(token as Note)} />;
    case "link":
      return link(token as Tokens.Link);
    case "image":
      return image(token as Tokens.Image);
    case "checkbox":
      return <input type="checkbox" disabled checked={token.checked} aria-label={t("Task")} />;
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? <br /> : token.raw;
    default:
      return token.raw;
  }
}

function formula({ text, display, raw, open }: FormulaToken): ComponentChildren {
  const View = open ? Source : Formula;
  return <View source={text} display={display} raw={raw.trim()} />;
}

function link(token: Tokens.Link): ComponentChildren {
  const href = safeHref(token.href);
  // What looks like a definition of a number would make links of the citations.
  if (!href && /^\[[\d, ]+\]$/.test(token.raw)) return cited(token.raw);
  const children = inline(token.tokens);
  if (!href) return children;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer">
      <Citations.Provider value={null}>{children}</Citations.Provider>
    </a>
  );
}

/** Loading it would tell its host who reads this, and when. */
function image(token: Tokens.Image): ComponentChildren {
  return (
    <span class="image-chip">
      <Icon name="image" />
      {t("image: {text} ({host})", {
        text: decodeEntities(token.text),
        host: hostOf(token.href),
      })}
    </span>
  );
}
