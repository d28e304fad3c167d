import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { asked, loadOlder, older, olderFailed, openId, rows } from "../state/chat";
import { Button, IconButton } from "../ui/Button";
import { ContextMeter } from "./ContextMeter";
import { focusMessage } from "./focus";
import { Message } from "./Message";
import { useSpokenAnswer } from "./spoken";

const NEAR = 48;
const LOAD_AHEAD = 600;

/** Where the reader is: at the end, or at a row so far from the top of the view. */
interface Place {
  pinned: boolean;
  top: number;
  row: HTMLElement | null;
  rowTop: number;
}

/** Where somebody was who left, for a document perhaps, and may come back. */
let left: { start: string; row: number; rowTop: number } | null = null;

/** Rows lie in their order, so that few of thousands are measured. */
function firstVisible(content: HTMLElement, top: number): HTMLElement | null {
  const rows = content.children as HTMLCollectionOf<HTMLElement>;
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = rows[middle]!;
    if (row.offsetTop + row.offsetHeight > top) to = middle;
    else from = middle + 1;
  }
  // Above the messages a note may stand.
  if (rows[from]?.matches("article") === false) from++;
  return rows[from] ?? null;
}

const awayFromEnd = (box: HTMLElement) => box.scrollHeight - box.scrollTop - box.clientHeight;

function Older() {
  if (!olderFailed.value) return <p class="hint older">{t("Reading older messages…")}</p>;
  return (
    <div class="hint older">
      <p>{t("Older messages could not be read.")}</p>
      <Button onClick={() => void loadOlder()}>{t("Try again")}</Button>
    </div>
  );
}

export function MessageList() {
  useSpokenAnswer();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [pinned, setPinned] = useState(true);
  const place = useRef<Place>({ pinned: true, top: 0, row: null, rowTop: 0 });
  const list = rows.value;
  const first = list[0]?.key ?? "";
  const last = list.at(-1)?.key ?? "";
  /** Changes when a conversation is opened and when something is asked. */
  const start = `${openId.value} ${asked.value}`;
  const started = useRef("");

  const pin = (value: boolean) => {
    place.current.pinned = value;
    setPinned(value);
  };

  const loadAhead = () => {
    const box = scroller.current;
    if (box && box.scrollTop < LOAD_AHEAD && older.peek() && !olderFailed.peek()) void loadOlder();
  };

  const look = () => {
    const box = scroller.current;
    // Scrolling is told a frame later, and the list may have gone by then.
    if (!box) return;
    const was = place.current;
    const away = awayFromEnd(box);
    if (away < NEAR && box.scrollTop >= was.top) pin(true);
    else if (box.scrollTop < was.top && away > 4) pin(false);
    was.top = box.scrollTop;
    was.row = firstVisible(content.current!, box.scrollTop);
    was.rowTop = (was.row?.offsetTop ?? 0) - box.scrollTop;
  };

  const keepPlace = () => {
    const box = scroller.current;
    // The last report of the observer may come after the list has gone.
    if (!box) return;
    const { pinned, row, rowTop } = place.current;
    if (pinned) box.scrollTop = box.scrollHeight;
    else if (row?.isConnected) box.scrollTop = row.offsetTop - rowTop;
    place.current.top = box.scrollTop;
    // A page too short to scroll never says that it was scrolled.
    loadAhead();
  };

  // Older messages grow the page upwards.
  useLayoutEffect(keepPlace, [first]);

  // A new conversation or a new question starts at the end; another version stays where it is read.
  useLayoutEffect(() => {
    const back = !started.current && left?.start === start ? left : null;
    const row = back && (content.current!.children[back.row] as HTMLElement | undefined);
    if (row) Object.assign(place.current, { row, rowTop: back.rowTop });
    pin(!row && (started.current !== start || awayFromEnd(scroller.current!) < NEAR));
    started.current = start;
    keepPlace();
  }, [start, last]);

  useLayoutEffect(() => {
    const watch = new ResizeObserver(keepPlace);
    watch.observe(content.current!);
    watch.observe(scroller.current!);
    return () => {
      watch.disconnect();
      look();
      const { pinned, row, rowTop } = place.current;
      const at = row ? [...content.current!.children].indexOf(row) : -1;
      left = pinned || at < 0 ? null : { start: started.current, row: at, rowTop };
    };
  }, []);

  return (
    <>
      <div class="messages" ref={scroller} onScroll={() => (look(), loadAhead())}>
        <div class="message-column" role="feed" aria-label={t("Messages")} ref={content}>
          {older.value && <Older />}
          {list.map((row, at) => (
            <Message
              key={row.key}
              row={row}
              position={older.value ? undefined : at + 1}
              last={at === list.length - 1}
            />
          ))}
        </div>
        {!pinned && (
          <div class="to-latest">
            <IconButton
              icon="down"
              label={t("Jump to latest")}
              onClick={() => {
                pin(true);
                keepPlace();
                focusMessage();
              }}
            />
          </div>
        )}
      </div>
      <ContextMeter />
    </>
  );
}
