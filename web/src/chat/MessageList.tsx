import { Fragment } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../language/t";
import { loadOlder, older, olderFailed, rows } from "../state/chat";
import { Button, IconButton } from "../ui/Button";
import { ContextMeter } from "./ContextMeter";
import { focusMessage } from "./focus";
import { Message } from "./Message";
import { useSpokenAnswer } from "./spoken";
import { useReading } from "./useReading";

// In one chunk, with one sheet.
export { SharedMessages } from "./SharedMessages";

function Older() {
  if (!olderFailed.value) return <p class="hint older">{t("Reading older messages…")}</p>;
  return (
    <div class="hint older">
      <p>{t("Older messages could not be read.")}</p>
      <Button onClick={() => void loadOlder()}>{t("Try again")}</Button>
    </div>
  );
}

/** As long as the conversation, and drawn as far as it is looked at. */
export function MessageList() {
  useSpokenAnswer();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = rows.value;
  const reading = useReading(scroller, content, list);
  return (
    <>
      <div class="messages" ref={scroller} onScroll={reading.onScroll}>
        <div
          class="message-column"
          role="feed"
          aria-label={t("Messages")}
          ref={content}
          onClick={reading.onClick}
        >
          {older.value && <Older />}
          {reading.parts.map(({ at, gap }) => {
            const row = list[at]!;
            return (
              <Fragment key={row.key}>
                {gap > 0 && <div class="undrawn" style={{ blockSize: `${gap}px` }} />}
                <Message
                  row={row}
                  position={older.value ? undefined : at + 1}
                  last={at === list.length - 1}
                />
              </Fragment>
            );
          })}
        </div>
        {!reading.pinned && (
          <div class="to-latest">
            <IconButton
              icon="down"
              label={t("Jump to latest")}
              onClick={() => {
                reading.toLatest();
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
