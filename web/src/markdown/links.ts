import { decodeEntities } from "./entities";

const ALLOWED = new Set(["http:", "https:", "mailto:"]);

function parse(written: string) {
  const href = decodeEntities(written);
  return URL.canParse(href) ? new URL(href) : null;
}

/** Where a link may lead, or null: then only its text is shown. */
export function safeHref(href: string): string | null {
  const url = parse(href);
  return url && ALLOWED.has(url.protocol) ? url.href : null;
}

export function hostOf(href: string): string {
  const url = parse(href);
  return url?.host || url?.protocol.replace(":", "") || "unknown";
}
