import { useEffect, useRef, useState } from "preact/hooks";
import { msg, plural, t } from "../language/t";
import { theme } from "../state/prefs";
import { IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { downloadText } from "../ui/download";
import { Frame } from "./Frame";
import { LONGEST, type Kind } from "./kinds";
import "./preview.css";

/** Not anew with every word that is added. */
const STILL = 700;

const KINDS: Record<Kind, string> = {
  html: msg("Page"),
  svg: msg("Drawing"),
  mermaid: msg("Diagram"),
};

function useSettled(code: string): string {
  const [settled, setSettled] = useState(code);
  useEffect(() => {
    if (code === settled) return;
    const timer = setTimeout(() => setSettled(code), STILL);
    return () => clearTimeout(timer);
  }, [code, settled]);
  return settled;
}

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

function useDark(): boolean {
  const [system, setSystem] = useState(darkScheme.matches);
  useEffect(() => {
    const onChange = () => setSystem(darkScheme.matches);
    darkScheme.addEventListener("change", onChange);
    return () => darkScheme.removeEventListener("change", onChange);
  }, []);
  return theme.value === "system" ? system : theme.value === "dark";
}

/** What a block of code shows; only where somebody asked for it. */
export function Preview({ kind, code }: { kind: Kind; code: string }) {
  const shown = useSettled(code);
  const [whole, setWhole] = useState(false);
  const [times, setTimes] = useState(0);
  const svg = useRef("");
  // Of a page or a drawing the colours are its own.
  const dark = useDark() && kind === "mermaid";
  if (shown.length > LONGEST[kind])
    return (
      <p class="preview-fault">
        {plural(
          LONGEST[kind],
          "This is too large to be shown; up to {n} character is.",
          "This is too large to be shown; up to {n} characters are.",
        )}
      </p>
    );
  const save = () =>
    kind === "html"
      ? downloadText("page.html", shown)
      : downloadText(`${kind === "svg" ? "drawing" : "diagram"}.svg`, svg.current || shown);
  const view = (
    <Frame
      key={`${times} ${dark} ${shown}`}
      kind={kind}
      dark={dark}
      code={shown}
      whole={whole}
      onSvg={(drawn) => (svg.current = drawn)}
    />
  );
  return (
    <div class="code-preview">
      {whole ? (
        <Dialog title={t(KINDS[kind])} class="preview-whole" onClose={() => setWhole(false)}>
          {view}
          <IconButton
            icon="close"
            class="preview-close"
            label={t("Close")}
            onClick={() => setWhole(false)}
          />
        </Dialog>
      ) : (
        view
      )}
      <div class="preview-actions">
        <IconButton icon="again" label={t("Start again")} onClick={() => setTimes(times + 1)} />
        <IconButton icon="download" label={t("Download")} onClick={save} />
        <IconButton icon="whole" label={t("Full screen")} onClick={() => setWhole(true)} />
      </div>
    </div>
  );
}
