const GAP = 4;

/** Below its anchor, or above where there is no room; its size is known only once it shows. */
export function placeBeside(anchor: HTMLElement | null, floating: HTMLElement | null) {
  // The last toggle may come after the two have gone.
  if (!anchor || !floating) return;
  const { top, bottom, left, right } = anchor.getBoundingClientRect();
  const { style, offsetHeight, offsetWidth } = floating;
  const below = bottom + GAP + offsetHeight < innerHeight;
  style.top = `${Math.max(GAP, below ? bottom + GAP : top - GAP - offsetHeight)}px`;
  const start = document.dir === "rtl" ? right - offsetWidth : left;
  style.left = `${Math.max(GAP, Math.min(start, innerWidth - offsetWidth - GAP))}px`;
}
