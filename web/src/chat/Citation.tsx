import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { passageAddress, placeName } from "../state/addresses";
import type { Source } from "../types";
import { placeBeside } from "../ui/place";
import { narrowed } from "./narrowed";
import { beginning } from "./beginning";

/** Long enough to move from the number into the preview. */
const LINGER = 200;

/** What stands in a text where one of its sources is named by number. */
export const useCitation = (sources: Source[]) =>
  useMemo(() => {
    const numbered = new Map(sources.map((one) => [one.number, one]));
    return (number: number, claim: string) => {
      const source = numbered.get(number);
      return source ? <Citation key={number} source={source} claim={claim} /> : null;
    };
    // A new one would draw every citation anew with each word.
  }, [sources]);

/** The number of a source in the text: leads to the passage, and shows it beforehand. */
function Citation({ source, claim }: { source: Source; claim: string }) {
  const [shown, setShown] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const preview = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();

  const show = () => {
    clearTimeout(timer.current);
    setShown(true);
  };
  const hide = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(false), LINGER);
  };

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!shown) return;
    preview.current?.showPopover();
    placeBeside(link.current, preview.current);
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setShown(false);
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [shown]);

  const { number, text } = source;
  const place = useMemo(() => (text ? narrowed(source, claim) : source), [source, claim]);
  const name = text ? placeName(source) : t("{name}, not available", { name: placeName(source) });
  return (
    <span class="cited" onMouseEnter={show} onMouseLeave={hide}>
      <a
        ref={link}
        class="citation"
        // Without an address it is no link; it is still to be reached and read.
        href={text ? passageAddress(place) : undefined}
        role="link"
        tabIndex={0}
        aria-disabled={!text}
        aria-label={t("Source {number}: {name}", { number, name })}
        aria-describedby={shown ? id : undefined}
        onFocus={show}
        onBlur={hide}
      >
        {number}
      </a>
      {shown && (
        <span class="preview floating" id={id} ref={preview} role="tooltip" popover="manual">
          <strong>{placeName(source)}</strong>
          <span>
            {text
              ? beginning(place.text)
              : t("This document was deleted, or is not shared with you.")}
          </span>
        </span>
      )}
    </span>
  );
}
