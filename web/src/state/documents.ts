// The documents of the collection on screen, newest first, and what can be done to one.
import { signal } from "@preact/signals";
import { ApiError } from "../api";
import { msg, t } from "../language/t";
import { libraryApi } from "../libraryApi";
import type { Document } from "../types";
import { recount } from "./collections";

const PAGE = 50;
const MOST = 200;
/** The server forgets for good after a minute; the offer ends before that. */
const UNDO_MS = 55_000;
const MORE_FAILED = msg(
  "The rest of the list could not be read. Check the network, then try again.",
);

/** The collection whose documents are shown; null: those of all. */
export const shelf = signal<string | null>(null);
export const documents = signal<Document[]>([]);
export const documentsState = signal<"loading" | "ready" | "failed">("loading");
export const moreDocuments = signal<string | null>(null);
/** Deleted a moment ago, and still to be had back. */
export const undoable = signal<Document[]>([]);
/** Why the last action did not work, as a sentence. */
export const libraryProblem = signal<string | null>(null);

/** Their last events may come after them. */
const gone = new Set<string>();
const restoring = new Set<string>();
let reading = 0;
/** What was heard while a page is on its way: it may be newer than the page. */
let heard: (() => void)[] | null = null;

function tell(error: unknown) {
  libraryProblem.value =
    error instanceof Error ? error.message : t("Something went wrong. Try again.");
}

/** `list` with what is known of a document now, at its place by age. */
export function withDocument(list: Document[], document: Document, whole: boolean): Document[] {
  const at = list.findIndex((one) => one.id === document.id);
  if (at >= 0) {
    if (list[at]!.updated_at > document.updated_at) return list;
    return list.with(at, document);
  }
  const place = list.findIndex((one) => one.created_at <= document.created_at);
  if (place >= 0) return [...list.slice(0, place), document, ...list.slice(place)];
  // Older than all that were read: it has its place on a page to come.
  return whole ? [...list, document] : list;
}

export function applyDocument(document: Document) {
  heard?.push(() => apply(document));
  apply(document);
}

function apply(document: Document) {
  if (gone.has(document.id)) return;
  const list = documents.peek();
  const belongs = !shelf.peek() || document.collection_id === shelf.peek();
  const known = list.find((one) => one.id === document.id);
  if (!belongs && !known) return;
  documents.value = belongs
    ? withDocument(list, document, !moreDocuments.peek())
    : list.filter((one) => one !== known);
}

export function removeDocument(id: string) {
  heard?.push(() => remove(id));
  remove(id);
}

function remove(id: string) {
  documents.value = documents.peek().filter((one) => one.id !== id);
}

async function readPage(before: string | null, limit: number) {
  const ticket = ++reading;
  const from = shelf.peek();
  heard = [];
  try {
    const page = await libraryApi.documents(from, before, limit);
    if (ticket !== reading) return;
    const kept = before ? documents.peek() : [];
    const known = new Set(kept.map((one) => one.id));
    const items = page.items.filter((one) => !gone.has(one.id) && !known.has(one.id));
    documents.value = [...kept, ...items];
    moreDocuments.value = page.next;
    for (const again of heard) again();
    documentsState.value = "ready";
  } catch {
    if (ticket !== reading) return;
    if (!documents.peek().length) documentsState.value = "failed";
    else if (before) libraryProblem.value = t(MORE_FAILED);
  }
  if (ticket === reading) heard = null;
}

export async function openShelf(id: string | null) {
  // Back from a document: the list is as it was left.
  if (id === shelf.peek() && documents.peek().length) return rereadDocuments();
  shelf.value = id;
  documents.value = [];
  moreDocuments.value = null;
  documentsState.value = "loading";
  await readPage(null, PAGE);
}

/** What the server knows replaces what is on screen, as much of it as is shown. */
export const rereadDocuments = () =>
  readPage(null, Math.min(MOST, Math.max(PAGE, documents.peek().length)));

export async function readMoreDocuments() {
  if (moreDocuments.peek()) await readPage(moreDocuments.peek(), PAGE);
}

export async function changeDocument(document: Document, how: "retry" | "pause" | "resume") {
  libraryProblem.value = null;
  try {
    const changed = await libraryApi.change(document.id, how);
    if (changed) applyDocument(changed);
  } catch (error) {
    tell(error);
  }
}

export async function deleteDocument(document: Document) {
  libraryProblem.value = null;
  try {
    await libraryApi.deleteDocument(document.id);
  } catch (error) {
    tell(error);
    return false;
  }
  gone.add(document.id);
  removeDocument(document.id);
  undoable.value = [...undoable.peek(), document];
  setTimeout(() => forget(document), UNDO_MS);
  void recount();
  return true;
}

/** No way back from here. */
export function forget(document: Document) {
  undoable.value = undoable.peek().filter((one) => one.id !== document.id);
}

export async function restoreDocument(document: Document) {
  if (restoring.has(document.id)) return false;
  restoring.add(document.id);
  libraryProblem.value = null;
  try {
    const restored = await libraryApi.restoreDocument(document.id);
    forget(document);
    gone.delete(document.id);
    applyDocument(restored ?? document);
    void recount();
    return true;
  } catch (error) {
    tell(error);
    // Only where the server says so is there no way back.
    if (error instanceof ApiError && error.status < 500) forget(document);
    return false;
  } finally {
    restoring.delete(document.id);
  }
}
