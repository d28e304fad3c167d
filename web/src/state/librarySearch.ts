// The search over the library: asked while it is typed, shown only if still wanted.
import { signal } from "@preact/signals";
import { libraryApi } from "../libraryApi";
import type { Passage } from "../types";

const DEBOUNCE = 250;
const LIMIT = 20;

export type Found =
  | { state: "idle" }
  | { state: "searching"; before: Passage[] }
  | { state: "ready"; query: string; items: Passage[] }
  | { state: "failed"; why: string };

export const searchText = signal("");
export const found = signal<Found>({ state: "idle" });

let timer: ReturnType<typeof setTimeout>;
let abort: AbortController | null = null;

export function searchFor(text: string, collectionId: string | null, wait = DEBOUNCE) {
  searchText.value = text;
  clearTimeout(timer);
  abort?.abort();
  const query = text.trim();
  if (!query) {
    found.value = { state: "idle" };
    return;
  }
  const was = found.peek();
  const before = was.state === "ready" ? was.items : was.state === "searching" ? was.before : [];
  found.value = { state: "searching", before };
  timer = setTimeout(() => void ask(query, collectionId), wait);
}

async function ask(query: string, collectionId: string | null) {
  const { signal } = (abort = new AbortController());
  try {
    const scope = collectionId ? { collection_ids: [collectionId] } : {};
    const { items } = await libraryApi.search({ query, ...scope, limit: LIMIT }, signal);
    if (!signal.aborted) found.value = { state: "ready", query, items };
  } catch (error) {
    if (signal.aborted) return;
    found.value = { state: "failed", why: error instanceof Error ? error.message : String(error) };
  }
}
