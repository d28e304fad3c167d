import { useEffect, useRef, useState } from "preact/hooks";
import { focusMessage } from "../chat/focus";
import { reach } from "../chat/openMessage";
import { sought } from "../chat/sought";
import { t } from "../language/t";
import { openId, rows } from "../state/chat";
import type { Hits } from "../types";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/Button";
import { findApi } from "./findApi";
import { mark, patternOf, rangesIn } from "./ranges";
import { findingWithin } from "./within";
import "../settings/sheet.css";

const REST = 200;
const LONGEST = 200;
/** What is folded opens, and code gets its colours: the place is found in a few steps. */
const STEPS = 4;

const article = (id: string) => document.querySelector<HTMLElement>(`article[data-id="${id}"]`);
const textIn = (box: Element) => box.querySelector(".answer, .bubble") ?? box;

interface Shown {
  hits: Hits[];
  n: number;
  pattern: RegExp;
}

/** The message and the place in it of the n-th of all. */
function placeOf(hits: Hits[], n: number): { id: string; at: number } | null {
  for (const { message_id: id, count } of hits) {
    if (n < count) return { id, at: n };
    n -= count;
  }
  return null;
}

/** The first that is not above what is being read; else the last. */
function nearest(hits: Hits[], total: number): number {
  const top = document.querySelector(".messages")?.getBoundingClientRect().top ?? 0;
  const drawn = [...document.querySelectorAll<HTMLElement>("article[data-id]")];
  const first = drawn.find((one) => one.getBoundingClientRect().bottom > top)?.dataset.id;
  const ids = rows.peek().map((row) => row.message.peek().id);
  const below = new Set(ids.slice(ids.indexOf(first ?? "")));
  let n = 0;
  for (const { message_id, count } of hits) {
    if (below.has(message_id)) return n;
    n += count;
  }
  return total - 1;
}

/** Marks what is drawn of them, and returns where the n-th is. */
function markDrawn({ hits, n, pattern }: Shown): Range | undefined {
  const place = placeOf(hits, n);
  const ranges: Range[] = [];
  let now: Range | undefined;
  for (const { message_id } of hits) {
    const box = article(message_id);
    if (!box) continue;
    const its = rangesIn(textIn(box), pattern);
    if (message_id === place?.id) now = its[Math.min(place.at, its.length - 1)];
    ranges.push(...its);
  }
  mark(ranges, now);
  return now;
}

/** Over the conversation: how often something stands in it, and from one place to the next. */
export function FindBar() {
  const [words, setWords] = useState("");
  const [hits, setHits] = useState<Hits[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [now, setNow] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const ticket = useRef(0);
  const shown = useRef<Shown | null>(null);
  const total = hits?.reduce((sum, { count }) => sum + count, 0) ?? 0;

  const unmark = () => {
    ticket.current++;
    shown.current = null;
    mark([], undefined);
  };

  const show = async (found: Hits[], n: number) => {
    const place = placeOf(found, n);
    const pattern = patternOf(words);
    const mine = ++ticket.current;
    if (!place || !pattern) return unmark();
    setNow(n);
    const sum = found.reduce((all, { count }) => all + count, 0);
    announce(t("{n} of {total}", { n: n + 1, total: sum }));
    if (!(await reach(place.id))) return setFailed(true);
    if (mine !== ticket.current) return;
    shown.current = { hits: found, n, pattern };
    sought.value = { id: place.id, focus: false };
    const step = (left: number) => {
      const box = article(place.id);
      if (mine !== ticket.current || left < 0) return;
      requestAnimationFrame(() => step(left - 1));
      if (!box) return;
      // A long question is folded.
      box.querySelector<HTMLElement>(".bubble > .button")?.click();
      const rect = (markDrawn(shown.current!) ?? box).getBoundingClientRect();
      const list = box.closest(".messages")!;
      list.scrollTop += rect.top - list.getBoundingClientRect().top - list.clientHeight / 3;
      // At once, so that the list does not go back to its end.
      list.dispatchEvent(new Event("scroll"));
    };
    requestAnimationFrame(() => step(STEPS));
  };

  // Rows that are drawn later are marked too.
  useEffect(() => {
    const watch = new MutationObserver(() => shown.current && markDrawn(shown.current));
    const column = document.querySelector(".message-column");
    if (column) watch.observe(column, { childList: true });
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    const look = async () => {
      const id = openId.peek();
      setFailed(false);
      if (!id || !words.trim()) {
        setHits(null);
        return unmark();
      }
      try {
        const found = await findApi.within(id, words, abort.signal);
        setHits(found);
        const sum = found.reduce((all, { count }) => all + count, 0);
        if (sum) await show(found, nearest(found, sum));
        else {
          unmark();
          announce(t("Nothing found"));
        }
      } catch {
        if (!abort.signal.aborted) setFailed(true);
      }
    };
    const timer = setTimeout(() => void look(), REST);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [words]);

  useEffect(() => {
    field.current?.focus();
    return unmark;
  }, []);

  const go = (by: number) => {
    if (hits && total) void show(hits, (now + by + total) % total);
  };
  const close = () => {
    const place = hits && placeOf(hits, now);
    findingWithin.value = false;
    focusMessage(place?.id);
  };

  return (
    <search class="find-bar">
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="next"
        aria-label={t("Find in this conversation")}
        placeholder={t("Find in this conversation")}
        autoComplete="off"
        maxLength={LONGEST}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
          else if (event.key === "Escape") close();
          else return;
          event.preventDefault();
        }}
      />
      <span class="hint">
        {failed
          ? t("could not be read")
          : hits && words.trim()
            ? total
              ? t("{n} of {total}", { n: now + 1, total })
              : t("not found")
            : ""}
      </span>
      <IconButton icon="up" label={t("Previous")} disabled={!total} onClick={() => go(-1)} />
      <IconButton icon="down" label={t("Next")} disabled={!total} onClick={() => go(1)} />
      <IconButton icon="close" label={t("Close")} onClick={close} />
    </search>
  );
}
