import { at, query, read, request, send } from "./api";
import type { Defaults, Page, Persona } from "./types";

/** What a person writes. */
export type PersonaFields = Omit<
  Persona,
  "id" | "visibility" | "editable" | "created_at" | "updated_at" | "owner"
>;

const one = (id: string) => `/api/personas/${at(id)}`;

export const personasApi = {
  list: (before: string | null) =>
    read<Page<Persona>>(`/api/personas${query({ before, limit: 200 })}`),
  add: (fields: PersonaFields, visibility: Persona["visibility"]) =>
    send<Persona>("POST", "/api/personas", { ...fields, visibility }),
  replace: (id: string, fields: PersonaFields) => send<Persona>("PUT", one(id), fields),
  remove: (id: string) => request("DELETE", one(id)),
  defaults: () => read<Defaults>("/api/personas/defaults"),
  /** Undefined: like the workspace. */
  choose: (persona_id: string | null | undefined) =>
    send<Defaults>("PUT", "/api/personas/defaults", { persona_id }),
  chooseForWorkspace: (persona_id: string | null) =>
    send<Defaults>("PUT", "/api/personas/defaults/workspace", { persona_id }),
};
