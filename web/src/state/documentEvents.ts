// What becomes of the documents, as it happens: one stream while a view of them is looked at.
import { signal as value } from "@preact/signals";
import { ApiError } from "../api";
import { libraryApi } from "../libraryApi";
import type { Document } from "../types";
import { pause } from "./follow";
import { expired } from "./session";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** What is on screen may be old: nothing is heard from the server. */
export const unheard = value(false);

interface Watch {
  onDocument: (document: Document) => void;
  onDeleted: (id: string) => void;
  /** A stream began: what happened before it has to be read. */
  onOpen: () => void;
}

/** Until the signal says so; through lost networks, restarts and ended sessions. */
export async function followDocuments(watch: Watch, signal: AbortSignal) {
  let wait = 0;
  while (!signal.aborted) {
    try {
      const events = await libraryApi.events(signal);
      unheard.value = false;
      watch.onOpen();
      for await (const event of events) {
        if (signal.aborted) return;
        wait = 0;
        if (event.type === "document") watch.onDocument(event.data as Document);
        if (event.type === "deleted") watch.onDeleted((event.data as { id: string }).id);
      }
    } catch (error) {
      if (signal.aborted) return;
      unheard.value = true;
      // Asking again and again would not help.
      if (error instanceof ApiError && error.status < 500) wait = LONGEST_WAIT;
    }
    wait = Math.min(wait ? wait * 2 : FIRST_WAIT, LONGEST_WAIT);
    do await pause(wait, signal);
    while (expired.peek() && !signal.aborted);
  }
}

/** Follows while the page is looked at: a tab in the background gives its connection back. */
export function followWhileVisible(watch: Watch): () => void {
  let abort: AbortController | null = null;
  const look = () => {
    abort?.abort();
    abort = document.hidden ? null : new AbortController();
    if (abort) void followDocuments(watch, abort.signal);
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    abort?.abort();
  };
}
