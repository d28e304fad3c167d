import { useEffect, useRef, useState } from "preact/hooks";
import { focusMessage } from "../chat/focus";
import { t } from "../language/t";
import { loadOlder, older, openId, rows } from "../state/chat";
import type { Hits } from "../types";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/Button";
import { findApi } from "./findApi";
import { mark, patternOf, rangesIn } from "./ranges";
import { findingWithin } from "./within";
import "../settings/sheet.css";

const REST = 200;
const LONGEST = 200;
const OLDER = 200;
/** Messages get their height when they come near the view: the place is found in a few steps. */
const STEPS = 4;

const article = (id: string) => document.querySelector<HTMLElement>(`article[data-id="${id}"]`);
const textIn = (box: Element) => box.querySelector(".answer, .bubble") ?? box;

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
  let n = 0;
  for (const { message_id, count } of hits) {
    const box = article(message_id)?.getBoundingClientRect();
    if (box && box.bottom > top) return n;
    n += count;
  }
  return total - 1;
}

async function bring(id: string) {
  const isThere = () => rows.peek().some((row) => row.message.peek().id === id);
  while (!isThere() && older.peek()) {
    const before = older.peek();
    await loadOlder(OLDER);
    if (older.peek() === before) return false;
  }
  return isThere();
}

/** Over the conversation: how often something stands in it, and from one place to the next. */
export function FindBar() {
  const [words, setWords] = useState("");
  const [hits, setHits] = useState<Hits[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [now, setNow] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const ticket = useRef(0);
  const total = hits?.reduce((sum, { count }) => sum + count, 0) ?? 0;

  const show = async (found: Hits[], n: number) => {
    const place = placeOf(found, n);
    const pattern = patternOf(words);
    const mine = ++ticket.current;
    if (!place || !pattern) return mark([], undefined);
    setNow(n);
    const sum = found.reduce((all, { count }) => all + count, 0);
    announce(t("{n} of {total}", { n: n + 1, total: sum }));
    if (!(await bring(place.id))) return setFailed(true);
    const step = (left: number) => {
      const box = article(place.id);
      if (mine !== ticket.current || left < 0) return;
      requestAnimationFrame(() => step(left - 1));
      if (!box) return;
      // A long question is folded.
      box.querySelector<HTMLElement>(".bubble > .button")?.click();
      const boxes = found
        .map(({ message_id }) => article(message_id))
        .filter((one) => one !== null);
      const ranges = new Map(boxes.map((one) => [one, rangesIn(textIn(one), pattern)]));
      const its = ranges.get(box) ?? [];
      const range = its[Math.min(place.at, its.length - 1)];
      mark([...ranges.values()].flat(), range);
      const list = box.closest(".messages");
      const rect = (range ?? box).getBoundingClientRect();
      if (list) {
        list.scrollTop += rect.top - list.getBoundingClientRect().top - list.clientHeight / 3;
        // At once, so that the list does not go back to its end.
        list.dispatchEvent(new Event("scroll"));
      }
    };
    requestAnimationFrame(() => step(STEPS));
  };

  useEffect(() => {
    const abort = new AbortController();
    const look = async () => {
      const id = openId.peek();
      setFailed(false);
      if (!id || !words.trim()) {
        setHits(null);
        mark([], undefined);
        return;
      }
      try {
        const found = await findApi.within(id, words, abort.signal);
        setHits(found);
        const sum = found.reduce((all, { count }) => all + count, 0);
        if (sum) await show(found, nearest(found, sum));
        else {
          mark([], undefined);
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
    return () => mark([], undefined);
  }, []);

  const go = (by: number) => {
    if (hits && total) void show(hits, (now + by + total) % total);
  };
  const close = () => {
    const place = hits && placeOf(hits, now);
    ticket.current++;
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
