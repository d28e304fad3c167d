import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { loadOlder, older, openId, rows } from "../state/chat";
import { IconButton } from "../ui/Button";
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

function firstVisible(content: HTMLElement, top: number): HTMLElement | null {
  for (const row of content.children as HTMLCollectionOf<HTMLElement>) {
    if (row.offsetTop + row.offsetHeight > top && row.matches("article")) return row;
  }
  return null;
}

export function MessageList() {
  useSpokenAnswer();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [pinned, setPinned] = useState(true);
  const place = useRef<Place>({ pinned: true, top: 0, row: null, rowTop: 0 });
  const list = rows.value;
  const first = list[0]?.key ?? "";
  const asked = list.at(-2)?.key ?? "";

  const pin = (value: boolean) => {
    place.current.pinned = value;
    setPinned(value);
  };

  const onScroll = () => {
    const box = scroller.current!;
    const was = place.current;
    const away = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (away < NEAR && box.scrollTop >= was.top) pin(true);
    else if (box.scrollTop < was.top && away > 4) pin(false);
    was.top = box.scrollTop;
    was.row = firstVisible(content.current!, box.scrollTop);
    was.rowTop = (was.row?.offsetTop ?? 0) - box.scrollTop;
    if (box.scrollTop < LOAD_AHEAD && older.peek()) void loadOlder();
  };

  const keepPlace = () => {
    const box = scroller.current;
    // The last report of the observer may come after the list has gone.
    if (!box) return;
    const { pinned, row, rowTop } = place.current;
    if (pinned) box.scrollTop = box.scrollHeight;
    else if (row?.isConnected) box.scrollTop = row.offsetTop - rowTop;
    place.current.top = box.scrollTop;
  };

  // Older messages grow the page upwards.
  useLayoutEffect(keepPlace, [first]);

  // A new conversation or a new question starts at the end.
  useLayoutEffect(() => {
    pin(true);
    keepPlace();
  }, [openId.value, asked]);

  useLayoutEffect(() => {
    const watch = new ResizeObserver(keepPlace);
    watch.observe(content.current!);
    watch.observe(scroller.current!);
    return () => watch.disconnect();
  }, []);

  return (
    <div class="messages" ref={scroller} onScroll={onScroll}>
      <div class="message-column" role="feed" aria-label="Messages" ref={content}>
        {older.value && <p class="hint older">Reading older messages…</p>}
        {list.map((row, at) => (
          <Message
            key={row.key}
            row={row}
            position={at + 1}
            total={older.value ? -1 : list.length}
            last={at === list.length - 1}
          />
        ))}
      </div>
      {!pinned && (
        <div class="to-latest">
          <IconButton
            icon="down"
            label="Jump to latest"
            onClick={() => {
              pin(true);
              keepPlace();
            }}
          />
        </div>
      )}
    </div>
  );
}
