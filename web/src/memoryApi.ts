// The requests of memory; apart from the others, because a first visit makes none of them.
import { at, query, read, request, send } from "./api";
import type { Entity, Exchange, Fact, Graph, MemoryState, Page } from "./types";

export interface FactChange {
  status?: "approved" | "pinned";
  text?: string;
  /** Whether it is history. */
  ended?: boolean;
}

interface FactQuery {
  words?: string;
  /** The id of an entity. */
  about?: string;
  status?: Fact["status"];
  /** Absent: with what was once so. */
  history?: boolean;
  before?: string | null;
  limit?: number;
}

export const memoryApi = {
  state: () => read<MemoryState>("/api/memory"),
  enable: (enabled: boolean) => send<MemoryState>("PATCH", "/api/memory", { enabled }),
  forgetAll: async () => {
    await request("DELETE", "/api/memory/exchanges");
    await request("DELETE", "/api/facts");
  },

  exchanges: (words: string, before: string | null) =>
    read<Page<Exchange>>(`/api/memory/exchanges${query({ words: words || null, before })}`),
  mute: (id: string) => request("DELETE", `/api/memory/exchanges/${at(id)}`),
  restore: (id: string) => request("POST", `/api/memory/exchanges/${at(id)}/restore`),
  restoreAll: () => request("POST", "/api/memory/exchanges/restore"),
  remove: (answerId: string, id: string) =>
    request("DELETE", `/api/answers/${at(answerId)}/memories/${at(id)}`),

  facts: (wanted: FactQuery) => read<Page<Fact>>(`/api/facts${query({ ...wanted })}`),
  changeFact: (id: string, change: FactChange) =>
    send<Fact>("PATCH", `/api/facts/${at(id)}`, change),
  /** Also while the page is closing. */
  forgetFact: (id: string) => request("DELETE", `/api/facts/${at(id)}`, { keepalive: true }),
  graph: () => read<Graph>("/api/facts/graph"),
  nameEntity: (id: string, name: string) =>
    send<Entity>("PATCH", `/api/entities/${at(id)}`, { name }),
  exportAddress: (format: "json" | "markdown") => `/api/facts/export?format=${format}`,
};
