// The places models live in: servers elsewhere, and the engine inside.
import { signal } from "@preact/signals";
import { peopleApi } from "../peopleApi";
import { serversApi, type ServerChange, type ServerFields } from "../serversApi";
import type { LocalEngine, Page, Person, Server } from "../types";

export const servers = signal<Server[] | null>(null);
export const engine = signal<LocalEngine | null>(null);
/** Of those who may wait, by id. */
export const names = signal(new Map<string, string>());

/** What others do shows here, and what goes on by itself. */
const EVERY = 3000;

export async function loadServers() {
  const [page, inside] = await Promise.all([serversApi.servers(), serversApi.engine()]);
  servers.value = page.items;
  engine.value = inside;
}

export async function loadNames() {
  const found = new Map<string, string>();
  let next: string | null = null;
  do {
    const page: Page<Person> = await peopleApi.people(next);
    for (const { id, name } of page.items) found.set(id, name);
    next = page.next;
  } while (next);
  names.value = found;
}

export function watchServers() {
  const timer = setInterval(() => {
    // One look that fails is made up for by the next.
    if (!document.hidden) void loadServers().catch(() => {});
  }, EVERY);
  return () => clearInterval(timer);
}

function put(server: Server) {
  const all = servers.value ?? [];
  const known = all.some((one) => one.id === server.id);
  servers.value = known
    ? all.map((one) => (one.id === server.id ? server : one))
    : [...all, server];
}

export const addServer = async (fields: ServerFields) => put(await serversApi.add(fields));

export const changeServer = async (id: string, change: ServerChange) =>
  put(await serversApi.change(id, change));

export async function probeServer(id: string): Promise<Server> {
  const server = await serversApi.probe(id);
  put(server);
  return server;
}

export async function removeServer(id: string) {
  await serversApi.remove(id);
  await loadServers();
}

export const loadModel = async (name: string) => (engine.value = await serversApi.load(name));
export const unloadModel = async () => (engine.value = await serversApi.unload());

export const bringIn = async (path: string, sha256: string) =>
  (engine.value = await serversApi.bringIn(path, sha256 || null));

export async function removeFile(name: string) {
  await serversApi.removeFile(name);
  await loadServers();
}
