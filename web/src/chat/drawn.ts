// Which of many rows are drawn, and how high what is not drawn would be. Knows no page.

/** Before anything was measured. */
const GUESS = 160;
/** So many rows say how high others will be; later ones would move what is being scrolled. */
const ENOUGH = 40;

export class Heights {
  private readonly known = new Map<string, number>();
  private sum = 0;
  private guess = GUESS;

  set(key: string, height: number) {
    this.sum += height - (this.known.get(key) ?? 0);
    this.known.set(key, height);
    if (this.known.size <= ENOUGH) this.guess = this.sum / this.known.size;
  }

  of(key: string): number {
    return this.known.get(key) ?? this.guess;
  }
}

export type Span = [from: number, to: number];

type HeightAt = (at: number) => number;

/** What is in view, and so much more on either side; `top` is where the row `at` begins in the view. */
export function around(
  height: HeightAt,
  count: number,
  { at, top }: { at: number; top: number },
  view: number,
  more: number,
): Span {
  let from = at;
  for (let y = top; from > 0 && y > -more;) y -= height(--from);
  let to = at;
  for (let y = top; to < count && y < view + more;) y += height(to++);
  return [from, to];
}

/** The row at so many pixels below the beginning of the first, and where it begins from there. */
export function rowAt(height: HeightAt, count: number, offset: number) {
  let at = 0;
  let top = -offset;
  for (; at < count - 1 && top + height(at) <= 0; at++) top += height(at);
  return { at, top };
}

/** The rows that are drawn, each with the height of what is left out before it. */
export function withGaps(height: HeightAt, count: number, isDrawn: (at: number) => boolean) {
  const drawn: { at: number; gap: number }[] = [];
  let gap = 0;
  for (let at = 0; at < count; at++) {
    if (isDrawn(at)) {
      drawn.push({ at, gap });
      gap = 0;
    } else gap += height(at);
  }
  return drawn;
}
