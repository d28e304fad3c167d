// One list of conversations, of which only what is looked at is read and kept.
import { signal } from "@preact/signals";
import { listsApi, type Which } from "../listsApi";
import type { Conversation } from "../types";

export const PAGE = 100;
/** Rows that are kept; beyond these, what is far from where somebody looks is given back. */
const MOST = 3000;
const NEAR = 1000;

/** Null: not read, or not any more. */
export type Rows = (Conversation | null)[];
export type Shelf = ReturnType<typeof shelf>;

const pagesOf = (first: number, last: number) => {
  const from = Math.floor(Math.max(0, first) / PAGE);
  return Array.from({ length: Math.max(0, Math.ceil(last / PAGE) - from) }, (_, at) => from + at);
};

export function shelf(which: Which) {
  const rows = signal<Rows>([]);
  const failed = signal(false);
  const reading = new Set<number>();
  /** Changes whenever rows move. */
  let version = 0;
  let seen: [first: number, last: number] = [0, PAGE];

  const read = async (page: number) => ({
    page,
    ...(await listsApi.rows(which, page * PAGE, PAGE)),
  });

  /** A conversation stands in one row, whatever moved while it was read. */
  function put(next: Rows, page: number, items: Conversation[]) {
    const ids = new Set(items.map((one) => one.id));
    next.forEach((one, at) => one && ids.has(one.id) && (next[at] = null));
    items.forEach((one, at) => page * PAGE + at < next.length && (next[page * PAGE + at] = one));
  }

  function show(next: Rows) {
    if (next.reduce((count, one) => count + (one ? 1 : 0), 0) > MOST) {
      next.fill(null, 0, Math.max(0, seen[0] - NEAR));
      next.fill(null, seen[1] + NEAR);
    }
    rows.value = next;
  }

  /** Reads what is missing of these rows. */
  async function ensure(first: number, last: number): Promise<void> {
    seen = [first, Math.min(last, rows.peek().length)];
    const missing = (page: number) =>
      !reading.has(page) &&
      rows
        .peek()
        .slice(page * PAGE, (page + 1) * PAGE)
        .includes(null);
    let moved = false;
    const each = pagesOf(...seen)
      .filter(missing)
      .map(async (page) => {
        const before = version;
        reading.add(page);
        try {
          const { items } = await read(page);
          moved ||= before !== version;
          if (moved) return;
          const next = [...rows.peek()];
          put(next, page, items);
          failed.value = false;
          show(next);
        } catch {
          failed.value = true;
        } finally {
          reading.delete(page);
        }
      });
    await Promise.all(each);
    if (moved) await ensure(...seen);
  }

  /** What is looked at, anew; the result puts it on the shelf, once it is known how long that is. */
  async function reread() {
    const pages = await Promise.all(pagesOf(...seen).map(read));
    return (length: number) => {
      version++;
      const next: Rows = new Array<null>(length).fill(null);
      for (const { page, items } of pages) put(next, page, items);
      rows.value = next;
      failed.value = false;
    };
  }

  function change(next: Rows) {
    version++;
    rows.value = next;
  }

  return {
    rows,
    failed,
    ensure,
    reread,
    indexOf: (id: string) => rows.peek().findIndex((one) => one?.id === id),
    remove(at: number) {
      change(rows.peek().filter((_, other) => other !== at));
    },
    addOnTop(one: Conversation) {
      change([one, ...rows.peek()]);
    },
    replace(at: number, one: Conversation) {
      change(rows.peek().map((old, other) => (other === at ? one : old)));
    },
    /** All of them, up to so many, read or not. */
    async first(count: number): Promise<Conversation[]> {
      const length = Math.min(count, rows.peek().length);
      const pages = await Promise.all(pagesOf(0, length).map(read));
      return pages.flatMap(({ items }) => items).slice(0, length);
    },
  };
}
