import { useEffect, useState } from "preact/hooks";
import { t } from "../language/t";
import { IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { highlight, languageOf, loadLanguage } from "./highlight";

/** Colouring more than this with every word that is added would keep the page busy. */
const GROWING = 5000;

/** Whether the code is short, or has not grown for a moment. */
function useStill(code: string): boolean {
  const [settled, setSettled] = useState("");
  const long = code.length > GROWING;
  useEffect(() => {
    if (!long) return;
    const timer = setTimeout(() => setSettled(code), 300);
    return () => clearTimeout(timer);
  }, [code, long]);
  return !long || settled === code;
}

export function CodeBlock({ code, language }: { code: string; language: string }) {
  const [wrap, setWrap] = useState(false);
  const still = useStill(code);
  useEffect(() => loadLanguage(language), [language]);
  const name = languageOf(language);
  return (
    <figure class="code-block">
      <figcaption>
        <span>{name ?? (language || t("text"))}</span>
        <IconButton
          icon="wrap"
          label={t("Wrap lines")}
          aria-pressed={wrap}
          onClick={() => setWrap(!wrap)}
        />
        <CopyButton label={t("Copy code")} text={() => code} />
      </figcaption>
      <pre
        tabIndex={0}
        aria-label={t("Code, {language}", { language: name ?? t("text") })}
        role="group"
        class={wrap ? "wrap" : ""}
      >
        <code>{(still && highlight(code, language)) || code}</code>
      </pre>
    </figure>
  );
}
