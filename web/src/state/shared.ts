// What others let one read, and what of one's own is being shared.
import { signal } from "@preact/signals";
import { sharingApi } from "../sharingApi";
import { tried } from "../ui/tried";
import type { Page, Shared, SharedKind } from "../types";

export const shared = signal<Shared[] | null>(null);

export const sharedOf = (kind: SharedKind) =>
  shared.value?.filter((one) => one.kind === kind) ?? [];

export const sharedCollection = (id: string | null) =>
  sharedOf("collection").find((one) => one.id === id);

const MOST = 2000;
let reading = 0;

/** What is on screen is good enough when it fails. */
export async function loadShared() {
  const ticket = ++reading;
  const found: Shared[] = [];
  let before: string | null = null;
  do {
    const page: Page<Shared> = await sharingApi.shared(before);
    found.push(...page.items);
    before = page.next;
  } while (before && found.length < MOST);
  if (ticket === reading) shared.value = found.sort((a, b) => a.name.localeCompare(b.name));
}

export const lookForShared = () => void tried(loadShared);

interface Own {
  id: string;
  kind: SharedKind;
  name: string;
}

/** A conversation whose readers are being chosen. */
export const sharing = signal<Own | null>(null);
