const HANDS = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/** The section that the address names, while the ones above it are still loading, until somebody takes over. */
export function stayAt(id: string, body: Element) {
  const section = id && document.getElementById(id);
  if (!section) return;
  const watcher = new ResizeObserver(() => section.scrollIntoView());
  const leave = () => {
    watcher.disconnect();
    for (const hand of HANDS) removeEventListener(hand, leave);
  };
  for (const hand of HANDS) addEventListener(hand, leave);
  watcher.observe(body);
  return leave;
}
