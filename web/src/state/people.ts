// Who has an account, who is invited, and where an invitation leads.
import { signal } from "@preact/signals";
import { networkApi } from "../networkApi";
import { peopleApi } from "../peopleApi";
import type { Invitation, Person, Role } from "../types";
import { isLoopback, placesOf } from "./places";

export const people = signal<Person[] | null>(null);
export const invitations = signal<Invitation[]>([]);
interface Made {
  name: string | null;
  link: string;
  /** Other devices get to it. */
  reachable: boolean;
}

/** A link is told once: whom it is for, and the link. */
export const made = signal<Made | null>(null);

async function everybody() {
  const all: Person[] = [];
  let next: string | null = null;
  do {
    const page: { items: Person[]; next: string | null } = await peopleApi.people(next);
    all.push(...page.items);
    next = page.next;
  } while (next);
  return all;
}

export async function loadPeople() {
  const [all, open] = await Promise.all([everybody(), peopleApi.invitations()]);
  people.value = all.sort((a, b) => a.name.localeCompare(b.name));
  invitations.value = open.items;
}

/** Another device has to reach it: an address of this machine itself would lead to that device. */
async function origin(): Promise<[address: string, reachable: boolean]> {
  if (!isLoopback(location.hostname)) return [location.origin, true];
  const network = await networkApi.network();
  // A number is understood by every device, and plain HTTP needs no certificate.
  const outside = network.addresses[0]?.url ?? placesOf(network)[0]?.urls.at(-1);
  return outside ? [new URL(outside).origin, true] : [location.origin, false];
}

async function show(name: string | null, token: string) {
  const [address, reachable] = await origin();
  made.value = { name, link: `${address}/#invite=${token}`, reachable };
  await loadPeople();
}

export async function invite(role: Role, note: string) {
  await show(null, (await peopleApi.invite(role, note)).token);
}

export async function linkForPassword({ id, name }: Person) {
  await show(name, (await peopleApi.linkForPassword(id)).token);
}

export async function withdraw(id: string) {
  await peopleApi.withdraw(id);
  await loadPeople();
}

export async function changePerson(id: string, change: { role?: Role; disabled?: boolean }) {
  await peopleApi.change(id, change);
  await loadPeople();
}

export async function signOutPerson(id: string) {
  await peopleApi.signOut(id);
  await loadPeople();
}
