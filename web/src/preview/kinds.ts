export type Kind = "html" | "svg" | "mermaid";

/** What a block of code can be shown as, besides code. */
export function kindOf(language: string, code: string): Kind | null {
  switch (language.toLowerCase()) {
    case "html":
      return "html";
    case "svg":
      return "svg";
    case "mermaid":
      return "mermaid";
    case "xml":
      return /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(code) ? "svg" : null;
    default:
      return null;
  }
}

/** Characters; drawing more would keep the browser busy for long. */
export const LONGEST: Record<Kind, number> = { html: 1_000_000, svg: 1_000_000, mermaid: 50_000 };
