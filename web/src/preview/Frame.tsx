// Code of a model runs here, in a frame of no origin that reaches nothing: its policy is in assets.py, that of the page
// says what it may go to. What it tells is as little trusted as what it shows.
import { useEffect, useRef, useState } from "preact/hooks";
import { msg, t } from "../language/t";
import type { Kind } from "./kinds";

/** Till something is drawn. A page of one's own takes what time it likes. */
const PATIENCE = 15_000;
const TALLEST = 640;
const FAULT = 300;

interface Told {
  ready?: unknown;
  height?: unknown;
  svg?: unknown;
  fault?: unknown;
}

interface FrameProps {
  kind: Kind;
  code: string;
  dark: boolean;
  /** Fills what is around it, instead of being as high as what it shows. */
  whole?: boolean;
  onSvg?: (svg: string) => void;
}

export function Frame({ kind, code, dark, whole = false, onSvg }: FrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [fault, setFault] = useState<string | null>(null);

  useEffect(() => {
    const slow = msg("It takes too long to be drawn, and was stopped.");
    const timer = setTimeout(() => setFault(slow), PATIENCE);
    let asked = false;
    const onMessage = ({ data, source }: MessageEvent<Told | null>) => {
      const shown = frame.current;
      if (!shown || source !== shown.contentWindow || typeof data !== "object" || !data) return;
      if (data.ready && !asked) {
        asked = true;
        if (kind === "html") clearTimeout(timer);
        shown.contentWindow!.postMessage({ kind, source: code, dark }, "*");
      }
      if (kind === "html") return;
      if (typeof data.height === "number" && !whole)
        shown.height = String(Math.min(Math.max(data.height, 60), TALLEST));
      if (typeof data.svg === "string") {
        clearTimeout(timer);
        onSvg?.(data.svg);
      }
      if (typeof data.fault === "string") {
        clearTimeout(timer);
        setFault(data.fault.slice(0, FAULT));
      }
    };
    addEventListener("message", onMessage);
    return () => {
      clearTimeout(timer);
      removeEventListener("message", onMessage);
    };
  }, []);

  if (fault !== null) return <p class="preview-fault">{t(fault)}</p>;
  return (
    <iframe
      ref={frame}
      class="preview-frame"
      title={t("Preview")}
      sandbox="allow-scripts"
      allow=""
      referrerpolicy="no-referrer"
      height={whole ? undefined : kind === "html" ? 384 : 120}
      src="/preview"
    />
  );
}
