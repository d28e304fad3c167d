// Where the reader is in a conversation, and which of its messages are drawn there.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { asked, loadOlder, older, olderFailed, openId, type Row } from "../state/chat";
import { edits } from "../state/edits";
import { around, Heights, rowAt, type Span, withGaps } from "./drawn";
import { sought } from "./sought";

const NEAR = 48;
const LOAD_AHEAD = 600;
/** So few messages are all drawn, for the browser's own find, and for who wants to select everything. */
const SHORT = 20;
/** Rows that were used keep what was opened in them, so many of them. */
const USED = 20;

/** At the end, or at a row that begins so far from the top of the view. */
interface Place {
  pinned: boolean;
  key: string;
  top: number;
}

/** Where somebody was who left, for a document perhaps, and may come back. */
let left: { start: string; place: Place } | null = null;

const awayFromEnd = (box: HTMLElement) => box.scrollHeight - box.scrollTop - box.clientHeight;
const topOf = (element: Element) => element.getBoundingClientRect().top;

export function useReading(
  scroller: RefObject<HTMLDivElement | null>,
  content: RefObject<HTMLDivElement | null>,
  list: Row[],
) {
  const [, setDrawing] = useState(0);
  const redraw = () => setDrawing((n) => n + 1);
  const place = useRef<Place>({ pinned: true, key: "", top: 0 });
  const heights = useRef(new Heights());
  const used = useRef<string[]>([]);
  /** As last drawn. */
  const drawn = useRef({ span: [0, 0] as Span, keys: [] as string[], last: "", start: "" });
  /** As last seen: which way it is scrolled, and how wide rows are. */
  const seen = useRef({ scrollTop: 0, width: 0 });

  const last = list.at(-1)?.key ?? "";
  /** Changes when a conversation is opened and when something is asked. */
  const start = `${openId.value} ${asked.value}`;
  const wanted = sought.value;
  const viewed = () => scroller.current?.clientHeight ?? innerHeight;
  const height = (at: number) => heights.current.of(list[at]!.key);

  /** The drawn rows, in their order. */
  const elements = () =>
    [...content.current!.children].filter((one): one is HTMLElement => one.matches("article"));

  const pin = (value: boolean) => {
    if (place.current.pinned === value) return;
    place.current.pinned = value;
    redraw();
  };

  const spanOf = (more: number): Span => {
    if (list.length <= SHORT) return [0, list.length];
    const { pinned, key, top } = place.current;
    const view = viewed();
    if (pinned) return around(height, list.length, { at: list.length, top: view }, view, more);
    const at = list.findIndex((row) => row.key === key);
    const found = at < 0 ? rowAt(height, list.length, seen.current.scrollTop) : { at, top };
    return around(height, list.length, found, view, more);
  };

  /** What somebody would lose if it went away: the focus, a selection, what was opened or is being rewritten. */
  const kept = () => {
    const keys = new Set(used.current);
    if (!content.current) return keys;
    const selection = getSelection();
    const all = elements();
    for (const [n, element] of all.entries()) {
      const selected = selection?.isCollapsed === false && selection.containsNode(element, true);
      if (selected) keys.add(drawn.current.keys[n]!);
      // With its neighbours, to which the Tab key goes on.
      if (!element.contains(document.activeElement)) continue;
      const at = list.findIndex((row) => row.key === drawn.current.keys[n]);
      for (const row of at < 0 ? [] : list.slice(Math.max(0, at - 1), at + 2)) keys.add(row.key);
    }
    return keys;
  };

  /** Once the rows that are drawn do not reach far enough, others are. */
  const drawFurther = () => {
    const [from, to] = spanOf(viewed() / 2);
    if (from < drawn.current.span[0] || to > drawn.current.span[1]) redraw();
  };

  const loadAhead = () => {
    const box = scroller.current;
    if (box && box.scrollTop < LOAD_AHEAD && older.peek() && !olderFailed.peek()) void loadOlder();
  };

  const look = () => {
    const box = scroller.current;
    // Scrolling is told a frame later, and the list may have gone by then.
    if (!box) return;
    const { scrollTop } = box;
    const away = awayFromEnd(box);
    if (away < NEAR && scrollTop >= seen.current.scrollTop) pin(true);
    else if (scrollTop < seen.current.scrollTop && away > 4) pin(false);
    seen.current.scrollTop = scrollTop;
    const top = topOf(box);
    const all = elements().map((one) => one.getBoundingClientRect());
    const n = all.findIndex((one) => one.bottom > top && one.top < top + box.clientHeight);
    const key = drawn.current.keys[n];
    if (key) Object.assign(place.current, { key, top: all[n]!.top - top });
    else {
      // Nothing that is in view is drawn.
      const found = rowAt(height, list.length, scrollTop);
      Object.assign(place.current, { key: list[found.at]?.key ?? "", top: found.top });
    }
    drawFurther();
  };

  const keepPlace = () => {
    const box = scroller.current;
    // The last report of the observer may come after the list has gone.
    if (!box) return;
    const { width } = content.current!.getBoundingClientRect();
    if (width !== seen.current.width) heights.current = new Heights();
    seen.current.width = width;
    const { keys } = drawn.current;
    const all = elements();
    for (const [n, one] of all.entries()) {
      const { height } = one.getBoundingClientRect();
      // Of a page that is not shown nothing is learnt.
      if (height) heights.current.set(keys[n]!, height);
    }
    const { pinned, key, top } = place.current;
    const row = all[keys.indexOf(key)];
    if (pinned) box.scrollTop = box.scrollHeight;
    else if (row) {
      const off = topOf(row) - topOf(box) - top;
      if (Math.abs(off) >= 1) box.scrollTop += off;
    }
    seen.current.scrollTop = box.scrollTop;
    drawFurther();
    // A page too short to scroll never says that it was scrolled.
    loadAhead();
  };

  // A new conversation or a new question starts at the end; another version stays where it is read.
  if (drawn.current.start !== start) {
    const back = !drawn.current.start && left?.start === start ? left.place : null;
    place.current = back ?? { pinned: true, key: "", top: 0 };
  }
  const aim = wanted && list.find((row) => row.message.peek().id === wanted.id);
  if (aim) place.current = { pinned: false, key: aim.key, top: viewed() / 3 };

  const span = spanOf(viewed());
  const keep = kept();
  const editing = edits.value;
  const parts = withGaps(height, list.length, (at) => {
    const { key, message } = list[at]!;
    // What comes next, comes after the last.
    const inView = (at >= span[0] && at < span[1]) || at === list.length - 1;
    return inView || keep.has(key) || message.peek().id in editing;
  });

  useLayoutEffect(() => {
    const was = drawn.current;
    drawn.current = { span, keys: parts.map(({ at }) => list[at]!.key), last, start };
    if (was.start === start && was.last !== last && !aim)
      pin(awayFromEnd(scroller.current!) < NEAR);
    keepPlace();
    if (!aim) return;
    if (wanted.focus)
      elements()[drawn.current.keys.indexOf(aim.key)]?.focus({ preventScroll: true });
    sought.value = null;
  });

  const latest = useRef({ keepPlace, look });
  latest.current = { keepPlace, look };
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => latest.current.keepPlace());
    watch.observe(content.current!);
    watch.observe(scroller.current!);
    return () => {
      watch.disconnect();
      latest.current.look();
      left = place.current.pinned
        ? null
        : { start: drawn.current.start, place: { ...place.current } };
    };
  }, []);

  return {
    parts,
    pinned: place.current.pinned,
    onScroll() {
      look();
      loadAhead();
    },
    onClick({ target }: MouseEvent) {
      if (!(target as Element).closest("button, summary")) return;
      const key = drawn.current.keys[elements().findIndex((one) => one.contains(target as Node))];
      if (key) used.current = [...used.current.filter((one) => one !== key), key].slice(-USED);
    },
    toLatest: () => pin(true),
  };
}
