import { useEffect, useState } from "preact/hooks";
import { t } from "../language/t";
import { kindOf, type Kind } from "../preview/kinds";
import { IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { downloadText } from "../ui/download";
import { lazy } from "../ui/lazy";
import { extensionOf, highlight, languageOf, loadLanguage } from "./highlight";

const Nothing = (_: { kind: Kind; code: string }) => <></>;
const Preview = lazy(() => import("../preview/Preview").then((m) => m.Preview), Nothing);

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
  const [shown, setShown] = useState(false);
  const still = useStill(code);
  useEffect(() => loadLanguage(language), [language]);
  const kind = kindOf(language, code);
  const name = kind ?? languageOf(language) ?? (language || t("text"));
  return (
    <figure class="code-block">
      <figcaption>
        <span>{name}</span>
        {kind && (
          <button
            type="button"
            class="quiet show"
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {t("Preview")}
          </button>
        )}
        <IconButton
          icon="wrap"
          label={t("Wrap lines")}
          aria-pressed={wrap}
          onClick={() => setWrap(!wrap)}
        />
        <IconButton
          icon="download"
          label={t("Download code")}
          onClick={() => downloadText(`code.${extensionOf(language)}`, code)}
        />
        <CopyButton label={t("Copy code")} text={() => code} />
      </figcaption>
      <pre
        tabIndex={0}
        aria-label={t("Code, {language}", { language: name })}
        role="group"
        class={wrap ? "wrap" : ""}
      >
        <code>{(still && highlight(code, language)) || code}</code>
      </pre>
      {kind && shown && <Preview kind={kind} code={code} />}
    </figure>
  );
}
