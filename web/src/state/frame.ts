import type { Signal } from "@preact/signals";

const nextFrame: (run: () => void) => void =
  typeof requestAnimationFrame === "function"
    ? requestAnimationFrame
    : (run) => setTimeout(run, 16);

/** Collects changes of a signal and shows them once per animation frame. */
export function perFrame<T>(target: Signal<T>) {
  let latest = target.peek();
  let due = false;
  const flush = () => {
    if (due) target.value = latest;
    due = false;
  };
  return {
    change(next: (value: T) => T) {
      latest = next(due ? latest : target.peek());
      if (!due) nextFrame(flush);
      due = true;
    },
    flush,
  };
}
