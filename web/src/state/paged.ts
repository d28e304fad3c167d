// A list that is searched and read page by page.
import { signal } from "@preact/signals";
import type { Page } from "../types";

export type PagedState = "loading" | "ready" | "failed";

const PAUSE = 250;

type ReadPage<T> = (words: string, before: string | null) => Promise<Page<T>>;

export function paged<T extends { id: string }>(readPage: ReadPage<T>) {
  const items = signal<T[]>([]);
  const next = signal<string | null>(null);
  const state = signal<PagedState>("loading");
  const words = signal("");
  // Only the newest reading counts.
  let reading = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads on until there are as many as `least`. */
  async function read(kept: T[], before: string | null, least: number) {
    const ticket = ++reading;
    const asked = words.peek();
    try {
      let found = kept;
      do {
        const page = await readPage(asked, before);
        found = [...found, ...page.items];
        before = page.next;
      } while (before && found.length < least);
      if (ticket !== reading) return;
      items.value = found;
      next.value = before;
      state.value = "ready";
    } catch {
      if (ticket === reading) state.value = "failed";
    }
  }

  /** From the beginning, as many as are shown. */
  const refresh = () => read([], null, items.peek().length);

  return {
    items,
    next,
    state,
    words,
    refresh,
    /** Nothing of what was searched before. */
    open() {
      clearTimeout(timer);
      words.value = "";
      items.value = [];
      state.value = "loading";
      return refresh();
    },
    more: () => read(items.peek(), next.peek(), 0),
    search(text: string, pause = PAUSE) {
      words.value = text;
      clearTimeout(timer);
      timer = setTimeout(() => void read([], null, 0), pause);
    },
    put(changed: T) {
      items.value = items.peek().map((one) => (one.id === changed.id ? changed : one));
    },
    drop(id: string) {
      items.value = items.peek().filter((one) => one.id !== id);
    },
  };
}
