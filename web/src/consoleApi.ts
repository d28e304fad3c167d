// The requests of the console; apart from the others, because a first visit makes none of them.
import { query, read, request, Unreachable } from "./api";
import { readEvents, type StreamEvent } from "./events";
import type { Overview, Usage } from "./types";

export const consoleApi = {
  overview: () => read<Overview>("/api/overview"),
  usage: (days: number) =>
    read<Usage>(`/api/usage${query({ days, offset: -new Date().getTimezoneOffset() })}`),
  logFile: "/api/logs/file",
  /** What is kept, and then each line as it comes. */
  log: async (signal: AbortSignal): Promise<AsyncGenerator<StreamEvent>> => {
    const response = await request("GET", "/api/logs", { signal });
    if (!response.body) throw new Unreachable();
    return readEvents(response.body);
  },
};
