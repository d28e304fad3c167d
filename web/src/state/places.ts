// What the page says about network addresses. Pure.
import type { Network } from "../types";

/** One way to reach the appliance, with the addresses to type, the encrypted one first. */
export interface Place {
  /** Of the interface; empty: of the appliance itself. */
  name: string;
  urls: string[];
}

export function placesOf(network: Network): Place[] {
  const { name_url, name_https_url, addresses } = network;
  const place = (name: string, ...urls: (string | null)[]) => ({
    name,
    urls: urls.filter((url) => url !== null),
  });
  const all = [
    place("", name_https_url, name_url),
    ...addresses.map((one) => place(one.interface, one.https_url, one.url)),
  ];
  return all.filter(({ urls }) => urls.length);
}

/** An address as people type it. */
export const shown = (url: string) => url.replace(/\/$/, "");

/** Where other devices read how to trust the appliance: by number, which every device understands. */
export function trustAddress({ addresses, name_url }: Network): string | null {
  const base = addresses[0]?.url ?? name_url;
  return base && new URL("/trust", base).href;
}

/** Whether a page at this host was opened on the machine itself. */
export const isLoopback = (hostname: string) =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);

interface Here {
  hostname: string;
  protocol: string;
}

/** Whether a change cuts off the very page that asks for it. */
export function cutsOff(change: { lan: boolean; https: boolean }, here: Here): boolean {
  const encrypted = here.protocol === "https:" && !(change.lan && change.https);
  return encrypted || (!change.lan && !isLoopback(here.hostname));
}

/** Where the person at a page that is cut off can go on. */
export const wayBack = ({ port }: Network, stillShared: boolean, here: Here) =>
  `http://${stillShared ? here.hostname : "127.0.0.1"}:${port}/`;

/** A fingerprint in lines that two people can read to each other. */
export function fingerprintLines(fingerprint: string, perLine = 8): string[] {
  const pairs = fingerprint.split(":");
  const count = Math.ceil(pairs.length / perLine);
  return Array.from({ length: count }, (_, at) =>
    pairs.slice(at * perLine, (at + 1) * perLine).join(" "),
  );
}
