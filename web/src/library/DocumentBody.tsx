import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { t } from "../language/t";
import { pageName } from "../state/addresses";
import type { DocumentText } from "../types";
import { announce } from "../ui/announce";
import { around, blocksOf, unitsOf, type Block } from "./blocks";

interface BodyProps {
  content: DocumentText;
  /** The passage to show, in characters. */
  at: { start: number; end: number } | null;
}

const LINE = 84;
const LINE_HEIGHT = 1.6;

/** Its height before it was ever painted, so that the scroll bar tells where one is. */
function guess(text: string): string {
  let lines = 0;
  for (const line of text.split("\n")) lines += Math.ceil(line.length / LINE) || 1;
  return `auto ${lines * LINE_HEIGHT}rem`;
}

export function DocumentBody({ content, at }: BodyProps) {
  const { text, name } = content;
  const box = useRef<HTMLDivElement>(null);
  const blocks = useMemo(() => blocksOf(text, unitsOf(text, content.pages)), [content]);
  const [start, end] = useMemo(
    () => (at ? (unitsOf(text, [at.start, at.end]) as [number, number]) : [0, 0]),
    [text, at?.start, at?.end],
  );

  useLayoutEffect(() => {
    const mark = box.current?.querySelector<HTMLElement>("mark");
    if (!mark) return;
    const tall = mark.offsetHeight > box.current!.clientHeight * 0.8;
    mark.focus({ preventScroll: true });
    announce(t("Showing the passage"));
    return scrollTo(mark, tall ? "start" : "center");
  }, [start, end, text]);

  return (
    <div
      class="view-scroll"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={t("Text of {name}", { name })}
    >
      <div class="document-text">
        {text.trim() ? null : <p class="hint">{t("There is no text in this document.")}</p>}
        {blocks.map((block, at) => (
          <Part key={at} block={block} text={text} name={name} start={start} end={end} />
        ))}
      </div>
    </div>
  );
}

/** Twice: what lies above gets its true height only when it is near. */
function scrollTo(place: HTMLElement, block: ScrollLogicalPosition): () => void {
  const show = () => place.scrollIntoView({ block });
  show();
  const frames = [requestAnimationFrame(() => (frames[1] = requestAnimationFrame(show)))];
  return () => frames.forEach(cancelAnimationFrame);
}

export function PagePicker({ name, pages }: { name: string; pages: number }) {
  const go = (page: string) => {
    const place = document.getElementById(`page-${page}`);
    if (!place) return;
    scrollTo(place, "start");
    place.focus({ preventScroll: true });
  };
  return (
    <select
      class="page-picker"
      aria-label={t("Go to page")}
      value=""
      onChange={(event) => {
        go(event.currentTarget.value);
        // The same page may be chosen again.
        event.currentTarget.value = "";
      }}
    >
      <option value="" hidden>
        {t("Go to…")}
      </option>
      {Array.from({ length: pages }, (_, at) => (
        <option key={at} value={at + 1}>
          {heading(name, at + 1)}
        </option>
      ))}
    </select>
  );
}

function heading(name: string, page: number): string {
  const [first = "", ...rest] = pageName(name, page);
  return first.toUpperCase() + rest.join("");
}

interface PartProps {
  block: Block;
  text: string;
  name: string;
  start: number;
  end: number;
}

function Part({ block, text, name, start, end }: PartProps) {
  const { from, to, page } = block;
  const [first, last] = around(block, start, end);
  const words = text.slice(from, to);
  return (
    <>
      {page !== null && (
        <h2 class="page-mark" id={`page-${page}`} tabIndex={-1}>
          {heading(name, page)}
        </h2>
      )}
      <div class="text-block" style={{ containIntrinsicSize: guess(words) }}>
        {first < last ? (
          <>
            {text.slice(from, first)}
            <mark tabIndex={-1}>{text.slice(first, last)}</mark>
            {text.slice(last, to)}
          </>
        ) : (
          words
        )}
      </div>
    </>
  );
}
