// The log as it is written: one stream while the page is looked at.
import { signal as value } from "@preact/signals";
import { consoleApi } from "../consoleApi";
import { pause } from "../state/follow";
import type { Line } from "../types";

const AGAIN = 2_000;
const KEPT = 2_000;

/** The newest last. */
export const lines = value<Line[]>([]);
export const unheard = value(false);

async function follow(signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      const events = await consoleApi.log(signal);
      unheard.value = false;
      // Each stream begins with all that is kept.
      let before: Line[] = [];
      for await (const event of events) {
        before = [...before, ...(event.data as Line[])].slice(-KEPT);
        lines.value = before;
      }
    } catch {
      if (signal.aborted) return;
      unheard.value = true;
    }
    await pause(AGAIN, signal);
  }
}

/** A tab in the background gives its connection back. */
export function followLog(): () => void {
  let abort: AbortController | null = null;
  const look = () => {
    abort?.abort();
    abort = document.hidden ? null : new AbortController();
    if (abort) void follow(abort.signal);
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    abort?.abort();
    lines.value = [];
  };
}
