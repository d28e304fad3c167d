import { useEffect, useState } from "preact/hooks";
import { IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { highlight, languageOf, loadLanguage } from "./highlight";

export function CodeBlock({ code, language }: { code: string; language: string }) {
  const [wrap, setWrap] = useState(false);
  useEffect(() => loadLanguage(language), [language]);
  const name = languageOf(language);
  return (
    <figure class="code-block">
      <figcaption>
        <span>{name ?? (language || "text")}</span>
        <IconButton
          icon="wrap"
          label="Wrap lines"
          aria-pressed={wrap}
          onClick={() => setWrap(!wrap)}
        />
        <CopyButton label="Copy code" text={() => code} />
      </figcaption>
      <pre
        tabIndex={0}
        aria-label={`Code, ${name ?? "text"}`}
        role="group"
        class={wrap ? "wrap" : ""}
      >
        <code>{highlight(code, language) ?? code}</code>
      </pre>
    </figure>
  );
}
