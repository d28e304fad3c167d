// Facts by whom or what they are about. Knows no network and no views.
import type { Entity, Fact } from "../types";

export interface Group {
  entity: Entity;
  now: Fact[];
  /** What was once so. */
  earlier: Fact[];
}

const pinnedFirst = (a: Fact, b: Fact) =>
  Number(b.status === "pinned") - Number(a.status === "pinned");

/** Oneself first, the others in the order of their newest fact; what is only suggested is in none. */
export function groupBySubject(facts: Fact[]): Group[] {
  const groups = new Map<string, Group>();
  for (const fact of facts) {
    if (fact.status === "suggested") continue;
    const { id } = fact.subject;
    const group = groups.get(id) ?? { entity: fact.subject, now: [], earlier: [] };
    groups.set(id, group);
    group[fact.valid_to === null ? "now" : "earlier"].push(fact);
  }
  const all = [...groups.values()];
  for (const group of all) group.now.sort(pinnedFirst);
  return all.sort((a, b) => Number(b.entity.kind === "me") - Number(a.entity.kind === "me"));
}
