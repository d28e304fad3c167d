// The requests about model servers and the built-in engine; apart, because a first visit makes none of them.
import { at, read, request, send } from "./api";
import type { LocalEngine, Page, Server } from "./types";

export interface ServerFields {
  name: string;
  url: string;
  key: string;
  images: boolean;
  slots: number | null;
}

export type ServerChange = Partial<ServerFields & { enabled: boolean }>;

const SERVERS = "/api/admin/endpoints";
const ENGINE = "/api/admin/engine";

export const serversApi = {
  servers: () => read<Page<Server>>(SERVERS),
  probe: (id: string) => read<Server>(`${SERVERS}/${at(id)}`),
  add: (fields: ServerFields) => send<Server>("POST", SERVERS, fields),
  change: (id: string, change: ServerChange) =>
    send<Server>("PATCH", `${SERVERS}/${at(id)}`, change),
  remove: (id: string) => request("DELETE", `${SERVERS}/${at(id)}`),

  engine: () => read<LocalEngine>(ENGINE),
  load: (name: string) => send<LocalEngine>("POST", `${ENGINE}/load`, { name }),
  unload: () => send<LocalEngine>("POST", `${ENGINE}/unload`, {}),
  bringIn: (path: string, sha256: string | null) =>
    send<LocalEngine>("POST", `${ENGINE}/files`, { path, sha256 }),
  removeFile: (name: string) => request("DELETE", `${ENGINE}/files/${at(name)}`),
};
