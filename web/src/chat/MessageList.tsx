import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { loadOlder, older, openId, rows } from "../state/chat";
import { IconButton } from "../ui/Button";
import { Message } from "./Message";
import { useSpokenAnswer } from "./spoken";

const NEAR = 48;
const LOAD_AHEAD = 600;

export function MessageList() {
  useSpokenAnswer();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [pinned, setPinned] = useState(true);
  const place = useRef({ pinned: true, top: 0, height: 0, first: "" });
  const list = rows.value;
  const first = list[0]?.key ?? "";
  const asked = list.at(-2)?.key ?? "";

  const pin = (value: boolean) => {
    place.current.pinned = value;
    setPinned(value);
  };

  const toBottom = () => {
    const box = scroller.current!;
    box.scrollTop = box.scrollHeight;
    place.current.top = box.scrollTop;
  };

  const onScroll = () => {
    const box = scroller.current!;
    const away = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (away < NEAR && box.scrollTop >= place.current.top) pin(true);
    else if (box.scrollTop < place.current.top && away > 4) pin(false);
    place.current.top = box.scrollTop;
    place.current.height = box.scrollHeight;
    if (box.scrollTop < LOAD_AHEAD && older.peek()) void loadOlder();
  };

  // Older messages grow the page upwards: what is being read must stay where it is.
  useLayoutEffect(() => {
    const box = scroller.current!;
    const was = place.current;
    if (was.first && was.first !== first && !was.pinned && box.scrollTop === was.top) {
      box.scrollTop += box.scrollHeight - was.height;
    }
    was.first = first;
    was.height = box.scrollHeight;
  }, [first]);

  // A new conversation or a new question starts at the end.
  useLayoutEffect(() => {
    pin(true);
    toBottom();
  }, [openId.value, asked]);

  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (place.current.pinned) toBottom();
    });
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
              toBottom();
            }}
          />
        </div>
      )}
    </div>
  );
}
