// Which rows of the list are in view. Pure: every row is as high as any other, headings too.
import type { Section } from "../state/lists";

/** A section and the row its heading stands in. */
export interface Placed {
  section: Section;
  top: number;
}

export interface Spot extends Placed {
  /** Of its conversations; -1: the heading. */
  at: number;
}

export function place(sections: Section[]): { placed: Placed[]; rows: number } {
  let rows = 0;
  const placed = sections.map((section) => {
    const top = rows;
    rows += 1 + section.count;
    return { section, top };
  });
  return { placed, rows };
}

export const spotAt = (placed: Placed[], row: number): Spot | null => {
  const found = placed.findLast(({ top }) => top <= row);
  return found && row <= found.top + found.section.count
    ? { ...found, at: row - found.top - 1 }
    : null;
};

/** Headings of folders open and close; others only say what follows. */
const takesFocus = ({ at, section }: Spot) => at >= 0 || section.kind === "folder";

/** From a row in a direction to the next that takes the focus. */
export function nextRow(placed: Placed[], row: number, step: 1 | -1): number | null {
  for (let to = row; ; to += step) {
    const spot = spotAt(placed, to);
    if (!spot) return null;
    if (takesFocus(spot)) return to;
  }
}

/** The conversations of a section between two rows of the list. */
export function inView({ section, top }: Placed, first: number, last: number): [number, number] {
  const from = Math.min(section.count, Math.max(0, first - top - 1));
  return [from, Math.max(from, Math.min(section.count, last - top - 1))];
}
