// Renamed, pinned, put away, put into folders and brought back. A first visit needs none of it.
import { signal } from "@preact/signals";
import { api, ApiError, at, request } from "../api";
import { plural, t } from "../language/t";
import { listsApi, type Move, type Order } from "../listsApi";
import type { Conversation, Folder } from "../types";
import { announce } from "../ui/announce";
import { offer } from "../ui/toasts";
import { conversation as opened, openConversation, openId } from "./chat";
import { keepDraft } from "./drafts";
import { attempt } from "./failure";
import { drop, folders, pinned, refresh, replace } from "./lists";
import { go } from "./route";

/** How often something was moved: other lists of conversations are read again. */
export const moved = signal(0);

export async function renameConversation(id: string, title: string) {
  const renamed = await api.editConversation(id, { title });
  replace(renamed);
  if (opened.peek()?.id === id) opened.value = renamed;
  return renamed;
}

/** What is open is shown as it is now. */
function show(changed: Conversation[]) {
  const now = changed.find((one) => one.id === opened.peek()?.id);
  if (now) opened.value = now;
}

async function send(moves: Move[]) {
  const changed = await listsApi.move(moves);
  for (const { id } of moves) drop(id);
  show(changed);
  moved.value++;
  await refresh();
  return changed;
}

/** Back to where each was. Of the pinned, the lowest first, as each stands on the next one. */
function wayBack(all: Conversation[]): Move[] {
  const order = pinned.rows.peek();
  const below = (id: string) => order[pinned.indexOf(id) + 1]?.id ?? null;
  const moves = all.map(({ id, place, folder_id, pinned: on }) => ({
    id,
    place: place === "temporary" ? undefined : place,
    folder_id,
    ...(on ? { pinned_above: below(id) } : { pinned: false }),
  }));
  return moves.sort((a, b) => pinned.indexOf(b.id) - pinned.indexOf(a.id));
}

function focusRow(id: string) {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`.conversation a[href="/c/${id}"]`)?.focus(),
  );
}

/** All at once, with one way back. */
export async function move(all: Conversation[], order: Order, done: string): Promise<boolean> {
  const back = wayBack(all);
  const worked = await attempt(() => send(all.map(({ id }) => ({ id, ...order }))));
  if (!worked) return false;
  if (order.place !== "current" && order.place && all.some(({ id }) => id === openId.peek())) {
    void openConversation(null);
    go("/", "replace");
  }
  const undo = async () => {
    if (!(await attempt(() => send(back)))) return;
    announce(all.length === 1 ? t("{title} is back", { title: all[0]!.title }) : t("Undone"));
    if (all.length === 1) focusRow(all[0]!.id);
  };
  offer(done, { label: t("Undo"), run: undo });
  return true;
}

const named = (all: Conversation[]) =>
  all.length === 1
    ? `“${all[0]!.title}”`
    : plural(all.length, "{n} conversation", "{n} conversations");

export function putAway(all: Conversation[], place: "archived" | "trash") {
  const what = named(all);
  return move(
    all,
    { place },
    place === "trash" ? t("{what} deleted", { what }) : t("{what} archived", { what }),
  );
}

/** Null: out of any. */
export function intoFolder(all: Conversation[], folder: Folder | null) {
  const what = named(all);
  const done = folder
    ? t("{what} moved to {folder}", { what, folder: folder.name })
    : t("{what} taken out of the folder", { what });
  return move(all, { folder_id: folder?.id ?? null, pinned: false }, done);
}

export async function pin(all: Conversation[], on: boolean) {
  const moves = all.map(({ id }) => ({ id, pinned: on }));
  if (await attempt(() => send(moves))) announce(on ? t("Pinned") : t("No longer pinned"));
}

/** Among the pinned, on top of the one that is there now. */
export async function pinAt(one: Conversation, place: number) {
  const others = pinned.rows.peek().filter((other) => other?.id !== one.id);
  const above = others[place]?.id ?? null;
  if (!(await attempt(() => send([{ id: one.id, pinned_above: above }])))) return;
  announce(t("Now number {n} of {total}", { n: place + 1, total: pinned.rows.peek().length }));
}

/** Out of the archive or the trash. */
export async function bringBack({ id }: Conversation) {
  const [back] = await send([{ id, place: "current" }]);
  return back;
}

export async function addFolder(name: string): Promise<Folder> {
  const folder = await listsApi.addFolder(name);
  await refresh();
  announce(t("Folder {name} made", { name }));
  return folder;
}

export const renameFolder = (id: string, name: string) =>
  attempt(async () => {
    const renamed = await listsApi.renameFolder(id, name);
    folders.value = folders.peek().map((one) => (one.id === id ? renamed : one));
    await refresh();
    announce(t("Renamed"));
  });

/** What is in it stays, outside. */
export async function deleteFolder(folder: Folder) {
  const gone = await attempt(async () => {
    await listsApi.deleteFolder(folder.id);
    await refresh();
  });
  if (!gone) return;
  const done = t("Folder {name} deleted; its conversations stay", { name: folder.name });
  const undo = () =>
    attempt(async () => {
      await listsApi.restoreFolder(folder.id);
      await refresh();
      announce(t("{title} is back", { title: folder.name }));
    });
  offer(done, { label: t("Undo"), run: undo });
}

export async function deleteConversation(id: string) {
  try {
    await request("DELETE", `/api/conversations/${at(id)}`);
  } catch (error) {
    // In another tab, or its time in the trash was up.
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  keepDraft(id, "");
}

export const emptyTrash = () => request("DELETE", "/api/trash");
