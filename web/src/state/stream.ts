// The one stream that this tab may hold.
import { signal } from "@preact/signals";
import type { Place } from "../types";

export const reconnecting = signal(false);
/** Where the answer that is followed stands in line; null once it is being written. */
export const place = signal<Place | null>(null);
/** Browsers open six connections to a host: a tab holds one stream at most. */
export const current = signal<AbortController | null>(null);
/** Another tab needs the connection more; what becomes of the answer is looked up now and then. */
export const released = signal(false);

export const following = () => current.peek() !== null;

export function unfollow() {
  current.peek()?.abort();
  current.value = null;
  reconnecting.value = false;
  place.value = null;
}
