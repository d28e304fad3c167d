// What is known about the person, and changing it.
import { computed, signal } from "@preact/signals";
import { ApiError } from "../api";
import { t } from "../language/t";
import { memoryApi, type FactChange } from "../memoryApi";
import type { Fact } from "../types";
import { paged } from "./paged";

const PAGE = 100;
const UNDO_MS = 10_000;

export const facts = paged<Fact>((words, before) =>
  memoryApi.facts({ words: words || undefined, before, limit: PAGE }),
);
export const suggested = paged<Fact>((words, before) =>
  memoryApi.facts({
    words: words || undefined,
    status: "suggested",
    history: false,
    before,
    limit: PAGE,
  }),
);
/** Those about the entity that is looked at in the graph. */
const looked = signal<string | null>(null);
export const about = paged<Fact>((_, before) =>
  memoryApi.facts({ about: looked.peek() ?? "", before, limit: PAGE }),
);
const lists = [facts, suggested, about];

/** Why the last change did not work, as a sentence. */
export const factsProblem = signal<string | null>(null);
/** Those that are forgotten unless it is taken back in time. */
export const leaving = signal<ReadonlyMap<string, ReturnType<typeof setTimeout>>>(new Map());
export const nothingKnown = computed(
  () =>
    [facts, suggested].every((list) => list.state.value === "ready" && !list.items.value.length) &&
    !facts.words.value,
);

export async function openFacts() {
  factsProblem.value = null;
  await Promise.all([facts.open(), suggested.open()]);
}

export function searchFacts(words: string, pause?: number) {
  facts.search(words, pause);
  suggested.search(words, pause);
}

export function lookAt(entityId: string | null) {
  looked.value = entityId;
  if (entityId) void about.open();
}

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Whether it worked; one fact may end another, so the lists are read anew. */
export async function changeFact(id: string, change: FactChange) {
  factsProblem.value = null;
  try {
    const changed = await memoryApi.changeFact(id, change);
    for (const list of lists) list.put(changed);
    if (changed.status !== "suggested") suggested.drop(id);
    void facts.refresh();
    return true;
  } catch (error) {
    factsProblem.value = sentence(error);
    return false;
  }
}

export async function nameEntity(id: string, name: string) {
  factsProblem.value = null;
  try {
    await memoryApi.nameEntity(id, name);
    await Promise.all([facts.refresh(), suggested.refresh()]);
    return true;
  } catch (error) {
    factsProblem.value = sentence(error);
    return false;
  }
}

/** With its conversation, or in another tab. */
function unlessGone(error: unknown) {
  if (!(error instanceof ApiError && error.status === 404)) throw error;
}

function without(id: string) {
  clearTimeout(leaving.peek().get(id));
  leaving.value = new Map([...leaving.peek()].filter(([one]) => one !== id));
}

/** It can be taken back for a while, and is forgotten for good then. */
export function forgetSoon({ id }: Fact) {
  const timer = setTimeout(() => void forgetNow(id), UNDO_MS);
  leaving.value = new Map([...leaving.peek(), [id, timer]]);
}

export const keepAfterAll = ({ id }: Fact) => without(id);

async function forgetNow(id: string) {
  try {
    await memoryApi.forgetFact(id).catch(unlessGone);
    for (const list of lists) list.drop(id);
  } catch (error) {
    factsProblem.value = t("It is not forgotten. {why}", { why: sentence(error) });
  }
  without(id);
}

/** Who leaves the view or the page takes nothing back any more. */
export function forgetLeaving() {
  for (const id of leaving.peek().keys()) void forgetNow(id);
}
addEventListener("pagehide", forgetLeaving);
