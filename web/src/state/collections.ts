// The collections of documents, by name.
import { computed, signal } from "@preact/signals";
import { libraryApi } from "../libraryApi";
import type { Collection, Page } from "../types";

const PAGE = 200;
const MOST = 2000;

export const collections = signal<Collection[] | null>(null);
export const hasDocuments = computed(() => !!collections.value?.some((one) => one.documents > 0));

let reading = 0;

const byName = (a: Collection, b: Collection) => a.name.localeCompare(b.name);

function put(collection: Collection) {
  const others = collections.peek()?.filter((one) => one.id !== collection.id) ?? [];
  collections.value = [...others, collection].sort(byName);
}

/** All of them: there are as many as somebody has given names. */
export async function loadCollections() {
  const ticket = ++reading;
  const found: Collection[] = [];
  let before: string | null = null;
  do {
    const page: Page<Collection> = await libraryApi.collections(before, PAGE);
    found.push(...page.items);
    before = page.next;
  } while (before && found.length < MOST);
  if (ticket === reading) collections.value = found.sort(byName);
}

let counting: Promise<void> | null = null;
let moved = false;

/** After something that moved the counts. What is on screen is good enough when it fails. */
export function recount(): Promise<void> {
  moved = true;
  // Once more for all that happens while it is read: hundreds of files may arrive in a row.
  return (counting ??= (async () => {
    while (moved) {
      moved = false;
      await loadCollections().catch(() => {});
    }
    counting = null;
  })());
}

export async function addCollection(name: string) {
  const added = await libraryApi.addCollection(name);
  put(added);
  return added;
}

export async function renameCollection(id: string, name: string) {
  put(await libraryApi.renameCollection(id, name));
}

export async function deleteCollection(id: string) {
  await libraryApi.deleteCollection(id);
  collections.value = collections.peek()?.filter((one) => one.id !== id) ?? null;
}
