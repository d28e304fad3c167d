// The requests of what is one's own: the profile, what one chose, taking everything out, and leaving.
import { at, read, request, send } from "./api";
import type { Belongings, Export, User } from "./types";

interface ProfileChange {
  display_name?: string;
  name?: string;
  password?: string;
}

interface Preferred {
  model: string | null;
}

const EXPORTS = "/api/account/exports";
export const exportFile = (id: string) => `${EXPORTS}/${at(id)}/file`;

export const ownApi = {
  changeProfile: (change: ProfileChange) => send<User>("PATCH", "/api/auth/me", change),
  preferred: () => read<Preferred>("/api/models/default"),
  prefer: (model: string | null) => send<Preferred>("PUT", "/api/models/default", { model }),
  belongings: () => read<Belongings>("/api/account/belongings"),
  beginExport: () => send<Export>("POST", EXPORTS, {}),
  export: (id: string) => read<Export>(`${EXPORTS}/${at(id)}`),
  cancelExport: (id: string) => request("DELETE", `${EXPORTS}/${at(id)}`),
  leave: (name: string, password: string) =>
    send<void>("POST", "/api/account/leave", { name, password }),
};
