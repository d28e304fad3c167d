// The requests about the network; apart from the others, because a first visit makes none of them.
import { query, read, send } from "./api";
import type { Network, Reached } from "./types";

export interface NetworkChange {
  lan: boolean;
  https: boolean;
}

export const networkApi = {
  network: () => read<Network>("/api/network"),
  change: (change: NetworkChange, password: string) =>
    send<Network>("POST", "/api/network", { ...change, password }),
  check: () => send<{ results: Reached[] }>("POST", "/api/network/check", {}),
  /** Where the picture of an address is. */
  qrAddress: (url: string) => `/api/network/qr${query({ url })}`,
};
