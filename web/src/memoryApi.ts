// The requests of memory; apart from the others, because a first visit makes none of them.
import { at, read, request, send } from "./api";
import type { MemoryState } from "./types";

export const memoryApi = {
  state: () => read<MemoryState>("/api/memory"),
  enable: (enabled: boolean) => send<MemoryState>("PATCH", "/api/memory", { enabled }),
  forgetAll: async () => {
    await request("DELETE", "/api/memory/exchanges");
    await request("DELETE", "/api/facts");
  },
  mute: (id: string) => request("DELETE", `/api/memory/exchanges/${at(id)}`),
  restore: (id: string) => request("POST", `/api/memory/exchanges/${at(id)}/restore`),
  restoreAll: () => request("POST", "/api/memory/exchanges/restore"),
  remove: (answerId: string, id: string) =>
    request("DELETE", `/api/answers/${at(answerId)}/memories/${at(id)}`),
};
