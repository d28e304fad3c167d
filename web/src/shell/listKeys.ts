// The list is one stop of the Tab key; the arrows go through it, however long it is.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { toggleFolder } from "../state/lists";
import { pinAt } from "../state/order";
import { begin, chooseAll, choosing, chosen, end } from "../state/selection";
import { nextRow, type Placed, spotAt } from "./layout";

const rowOf = (element: Element | null) => {
  const row = element?.closest<HTMLElement>("[data-row]")?.dataset.row;
  return row === undefined ? null : Number(row);
};

export function useListKeys(
  box: RefObject<HTMLDivElement | null>,
  placed: Placed[],
  height: number,
) {
  /** The row that had the focus last, by what stands in it. */
  const active = useRef<{ key: string; id: string | null } | null>(null);
  /** A row that gets the focus once it is drawn. */
  const next = useRef<number | null>(null);

  const activeRow = () => {
    const found = placed.find(({ section }) => section.key === active.current?.key);
    const id = active.current?.id;
    if (!found || !id) return found?.top ?? null;
    const { section, top } = found;
    const at = section.shelf.rows.value.findIndex(
      (one, at) => at >= section.from && one?.id === id,
    );
    return at < 0 || at >= section.from + section.count ? null : top + 1 + at - section.from;
  };

  useEffect(() => {
    if (next.current === null) return;
    const target = box.current?.querySelector<HTMLElement>(
      `[data-row="${next.current}"] [data-stop]`,
    );
    if (!target) return;
    next.current = null;
    target.focus({ preventScroll: true });
  });

  // A link has become a box, or the other way round: the focus goes with its row.
  useEffect(() => {
    const row = document.activeElement === document.body ? activeRow() : null;
    if (row !== null) goTo(row);
  }, [chosen.value === null]);

  const goTo = (row: number) => {
    const list = box.current!;
    const top = row * height;
    // The heading of its section stays above it.
    if (top - height < list.scrollTop) list.scrollTop = Math.max(0, top - height);
    else if (top + height > list.scrollTop + list.clientHeight)
      list.scrollTop = top + height - list.clientHeight;
    next.current = row;
    list
      .querySelector<HTMLElement>(`[data-row="${row}"] [data-stop]`)
      ?.focus({ preventScroll: true });
  };

  /** Alt and an arrow put a pinned one in another place. */
  const carry = (row: number, step: number) => {
    const spot = spotAt(placed, row);
    const one = spot?.section.kind === "pinned" && spot.section.shelf.rows.peek()[spot.at];
    const to = spot ? spot.at + step : -1;
    if (!one || to < 0 || to >= spot.section.count) return;
    void pinAt(one, to).then(() => goTo(spot.top + 1 + to));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const row = rowOf(target);
    if (event.key === "Escape" && choosing() && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      end();
      return;
    }
    // Menus and the field of a new name have keys of their own.
    if (row === null || target.closest("[popover], .rename")) return;
    const total = placed.reduce((sum, { section }) => sum + 1 + section.count, 0);
    const screen = Math.max(1, Math.floor(box.current!.clientHeight / height) - 1);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const up = event.key === "ArrowUp";
    if (event.altKey && (up || event.key === "ArrowDown")) {
      event.preventDefault();
      carry(row, up ? -1 : 1);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "a") {
      event.preventDefault();
      if (!choosing()) begin();
      void chooseAll();
    } else if (plain && !event.shiftKey) {
      const folder = spotAt(placed, row)?.section.folder;
      const moves: Record<string, () => number | null> = {
        ArrowDown: () => nextRow(placed, row + 1, 1),
        ArrowUp: () => nextRow(placed, row - 1, -1),
        PageDown: () => nextRow(placed, Math.min(row + screen, total - 1), -1),
        PageUp: () => nextRow(placed, Math.max(row - screen, 0), 1),
        Home: () => nextRow(placed, 0, 1),
        End: () => nextRow(placed, total - 1, -1),
      };
      const to = moves[event.key]?.();
      if (to !== undefined) {
        event.preventDefault();
        if (to !== null) goTo(to);
      } else if (folder && event.key === (document.dir === "rtl" ? "ArrowRight" : "ArrowLeft")) {
        void toggleFolder(folder.id, false);
        goTo(spotAt(placed, row)!.top);
      } else if (folder && event.key === (document.dir === "rtl" ? "ArrowLeft" : "ArrowRight")) {
        void toggleFolder(folder.id, true);
      }
    }
  };

  return {
    onKeyDown,
    onFocusIn(event: FocusEvent) {
      const row = rowOf(event.target as Element);
      const spot = row === null ? null : spotAt(placed, row);
      if (!spot) return;
      const one = spot.at < 0 ? null : spot.section.shelf.rows.peek()[spot.section.from + spot.at];
      active.current = { key: spot.section.key, id: one?.id ?? null };
    },
    /** The one row of these that the Tab key stops at. */
    stop(first: number, last: number) {
      const row = activeRow();
      if (row !== null && row >= first && row <= last) return row;
      return nextRow(placed, first, 1);
    },
    /** Drawn wherever the list is scrolled to, as the focus is there. */
    kept: () => (box.current?.contains(document.activeElement) ? activeRow() : null),
  };
}
