// Several conversations chosen in the list, to do one thing with all of them.
import { signal } from "@preact/signals";
import { plural, t } from "../language/t";
import { MOST } from "../listsApi";
import type { Conversation } from "../types";
import { announce } from "../ui/announce";
import { attempt } from "./failure";
import { loose, pinned, sections, standing } from "./lists";

/** Null: nobody is choosing. */
export const chosen = signal<ReadonlyMap<string, Conversation> | null>(null);
let anchor: string | null = null;

export const choosing = () => chosen.peek() !== null;

export function begin(first?: Conversation) {
  chosen.value = new Map(first ? [[first.id, first]] : []);
  anchor = first?.id ?? null;
  announce(t("Choose conversations. Escape ends it."));
}

export function end() {
  chosen.value = null;
  announce(t("No longer choosing"));
}

const say = (count: number) =>
  announce(plural(count, "{n} conversation chosen", "{n} conversations chosen"));

function choose(all: Conversation[], on: boolean) {
  const next = new Map(chosen.peek());
  for (const one of all) {
    if (on && next.size < MOST) next.set(one.id, one);
    else if (!on) next.delete(one.id);
  }
  chosen.value = next;
  say(next.size);
}

/** `through`: with all between it and the one chosen before. */
export function toggle(one: Conversation, through: boolean) {
  const on = !chosen.peek()?.has(one.id);
  const between = through ? rangeTo(one.id) : null;
  anchor = one.id;
  if (between) choose(between, true);
  else choose([one], on);
}

function rangeTo(id: string): Conversation[] | null {
  const all = standing();
  const ends = [all.findIndex((one) => one.id === anchor), all.findIndex((one) => one.id === id)];
  if (ends.includes(-1)) return null;
  return all.slice(Math.min(...ends), Math.max(...ends) + 1);
}

/** As many as can be moved at once. */
export const chooseAll = () =>
  attempt(async () => {
    const open = sections.peek().filter(({ kind }) => kind === "folder");
    const shelves = [pinned, ...open.filter(({ count }) => count).map(({ shelf }) => shelf), loose];
    const found: Conversation[] = [];
    for (const shelf of shelves) found.push(...(await shelf.first(MOST - found.length)));
    chosen.value = new Map();
    choose(found, true);
    if (found.length === MOST)
      announce(t("The first {n} are chosen, as many as can be moved at once", { n: MOST }));
  });
