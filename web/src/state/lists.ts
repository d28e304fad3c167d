// The lists in the sidebar: pinned, in folders, and the rest by date.
import { batch, computed, signal } from "@preact/signals";
import { listsApi } from "../listsApi";
import type { Conversation, Folder } from "../types";
import { provide } from "./conversations";
import { beginnings, dateGroups } from "./dates";
import { shelf, type Shelf } from "./shelf";
import { keep, recall } from "./stored";

export const pinned = shelf({ pinned: true });
export const loose = shelf({ loose: true });
export const folders = signal<Folder[]>([]);
export const openFolders = signal(new Set((recall("folders") ?? "").split(" ").filter(Boolean)));
export const listState = signal<"loading" | "ready" | "failed">("loading");

const ofFolders = new Map<string, Shelf>();
const since = signal<number[]>([]);
let times = beginnings(Date.now());

export function shelfOf(folderId: string): Shelf {
  const known = ofFolders.get(folderId) ?? shelf({ loose: true, folder_id: folderId });
  ofFolders.set(folderId, known);
  return known;
}

const all = () => [pinned, loose, ...ofFolders.values()];

export interface Section {
  key: string;
  kind: "pinned" | "folder" | "date";
  label: string;
  folder?: Folder;
  shelf: Shelf;
  /** Its rows on the shelf; none while it is closed. */
  from: number;
  count: number;
}

export const sections = computed<Section[]>(() => {
  const found: Section[] = [];
  const top = pinned.rows.value.length;
  if (top)
    found.push({ key: "pinned", kind: "pinned", label: "", shelf: pinned, from: 0, count: top });
  for (const folder of folders.value) {
    const open = openFolders.value.has(folder.id);
    const its = shelfOf(folder.id);
    const count = open ? its.rows.value.length : 0;
    found.push({
      key: folder.id,
      kind: "folder",
      label: folder.name,
      folder,
      shelf: its,
      from: 0,
      count,
    });
  }
  for (const group of dateGroups(since.value, loose.rows.value.length)) {
    found.push({ key: group.label, kind: "date", shelf: loose, ...group });
  }
  return found;
});

let asks = 0;
let changes = 0;

/** What is looked at, anew. What changes meanwhile is asked for once more. */
export async function refresh(): Promise<void> {
  const ticket = ++asks;
  const before = changes;
  const now = beginnings(Date.now());
  const open = [...openFolders.peek()];
  try {
    const [outline, showPinned, showLoose, ...showFolders] = await Promise.all([
      listsApi.outline(now),
      pinned.reread(),
      loose.reread(),
      ...open.map((id) => shelfOf(id).reread()),
    ]);
    if (ticket !== asks) return;
    if (before !== changes) return await refresh();
    batch(() => {
      times = now;
      since.value = outline.since;
      showPinned(outline.pinned);
      showLoose(outline.loose);
      folders.value = outline.folders;
      const counts = new Map(outline.folders.map((one) => [one.id, one.conversations]));
      showFolders.forEach((show, at) => show(counts.get(open[at]!) ?? 0));
      listState.value = "ready";
    });
  } catch {
    if (ticket === asks) listState.value = "failed";
  }
}

export async function toggleFolder(id: string, on = !openFolders.peek().has(id)) {
  const next = new Set(openFolders.peek());
  if (on) next.add(id);
  else next.delete(id);
  openFolders.value = next;
  keep("folders", [...next].join(" "));
  if (on) await refresh();
}

/** Where somebody looks. */
export const findConversation = (id: string) =>
  all()
    .flatMap(({ rows }) => rows.peek())
    .find((one) => one?.id === id) ?? undefined;

/** Those that were read, as they stand. */
export const standing = (): Conversation[] =>
  sections
    .peek()
    .flatMap(({ shelf, from, count }) => shelf.rows.peek().slice(from, from + count))
    .filter((one) => one !== null);

/** The one that stands below or above; from none, the first or the last. */
export function neighbour(id: string | null, step: 1 | -1): Conversation | undefined {
  const all = standing();
  const at = all.findIndex((one) => one.id === id);
  return at < 0 ? all.at(step > 0 ? 0 : -1) : all[at + step];
}

/** Out of the list it stands in, until that is read again; whether it stood there. */
export function drop(id: string): boolean {
  let found = false;
  for (const one of all()) {
    const at = one.indexOf(id);
    if (at < 0) continue;
    found = true;
    one.remove(at);
    if (one === loose) since.value = since.peek().map((end) => (at < end ? end - 1 : end));
  }
  if (found) changes++;
  return found;
}

const home = ({ pinned: on, folder_id }: Conversation) =>
  on ? pinned : folder_id ? shelfOf(folder_id) : loose;

/** On top of its list, as of new activity; the pinned keep their order. */
export function touch(conversation: Conversation) {
  const itsHome = home(conversation);
  const at = itsHome.indexOf(conversation.id);
  if (at >= 0 && (itsHome === pinned || at === 0)) {
    changes++;
    itsHome.replace(at, conversation);
    return;
  }
  batch(() => {
    const stood = drop(conversation.id);
    if (conversation.place === "temporary") return;
    changes++;
    itsHome.addOnTop(conversation);
    if (itsHome === loose)
      since.value = times.map(
        (time, k) => (since.peek()[k] ?? 0) + (time <= conversation.updated_at ? 1 : 0),
      );
    // One that was far down, or put away: how long the lists are is not known any more.
    if (!stood && conversation.created_at !== conversation.updated_at) void refresh();
  });
}

/** Changed, and still where it was. */
export function replace(conversation: Conversation) {
  for (const one of all()) {
    const at = one.indexOf(conversation.id);
    if (at >= 0) one.replace(at, conversation);
  }
}

/** The groups are those of the day. */
export const refreshNextDay = () => {
  if (!document.hidden && beginnings(Date.now())[0] !== times[0]) void refresh();
};

provide({ find: findConversation, touch });
