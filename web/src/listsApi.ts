// The requests of the lists of conversations; apart from the others, because a first question makes none of them.
import { at, query, read, request, send } from "./api";
import type { Conversation, Folder, Outline, Page } from "./types";

/** Which of the conversations at hand. */
export interface Which {
  pinned?: true;
  folder_id?: string;
  loose?: true;
}

export interface Order {
  place?: "current" | "archived" | "trash";
  pinned?: boolean;
  /** The pinned one it is to stand on; null: below all of them. */
  pinned_above?: string | null;
  folder_id?: string | null;
}

export type Move = Order & { id: string };

/** As many as the server moves at once. */
export const MOST = 1000;

export const listsApi = {
  outline: (since: number[]) =>
    read<Outline>(`/api/conversations/outline?${since.map((time) => `since=${time}`).join("&")}`),
  rows: (which: Which, skip: number, limit: number) =>
    read<Page<Conversation>>(`/api/conversations${query({ ...which, skip, limit })}`),
  move: (moves: Move[]) => send<Conversation[]>("PATCH", "/api/conversations", { moves }),

  addFolder: (name: string) => send<Folder>("POST", "/api/folders", { name }),
  renameFolder: (id: string, name: string) =>
    send<Folder>("PATCH", `/api/folders/${at(id)}`, { name }),
  deleteFolder: (id: string) => request("DELETE", `/api/folders/${at(id)}`),
  restoreFolder: (id: string) => send<Folder>("POST", `/api/folders/${at(id)}/restore`, {}),
};
