// How the appliance is reached from other devices, as the server last said it.
import { signal } from "@preact/signals";
import { Unreachable } from "../api";
import { networkApi, type NetworkChange } from "../networkApi";
import type { Network, Reached } from "../types";
import { cutsOff } from "./places";

export const network = signal<Network | null>(null);
/** What the last check found, by address. */
export const reach = signal<ReadonlyMap<string, Reached> | null>(null);
/** This page came over the network that has just been left. */
export const cutOff = signal<NetworkChange | null>(null);

let asked = 0;

function show(found: Network) {
  // Drawn again only when something is new: a picture that flickers cannot be scanned.
  if (JSON.stringify(found) !== JSON.stringify(network.peek())) network.value = found;
}

export async function loadNetwork() {
  const ticket = ++asked;
  const found = await networkApi.network();
  if (ticket === asked) show(found);
}

export async function changeNetwork(change: NetworkChange, password: string) {
  const lost = cutsOff(change, location);
  try {
    const found = await networkApi.change(change, password);
    asked++;
    show(found);
  } catch (error) {
    // The answer may go down with the connection it would have come by.
    if (!(lost && error instanceof Unreachable)) throw error;
  }
  reach.value = null;
  if (lost) cutOff.value = change;
}

export async function checkReach() {
  const { results } = await networkApi.check();
  reach.value = new Map(results.map((one) => [one.url, one]));
}
