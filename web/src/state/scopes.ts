// A scope of documents as a value: what it is called, and what each choice makes of it.
import type { Collection, Scope } from "../types";

export type Reach = "none" | "all" | "some";

export function reachOf(scope: Scope | null): Reach {
  if (!scope) return "none";
  return scope.collection_ids || scope.document_ids ? "some" : "all";
}

const KINDS = { collection: "collection_ids", document: "document_ids" } as const;

export const chosen = (scope: Scope | null, kind: keyof typeof KINDS, id: string) =>
  scope?.[KINDS[kind]]?.includes(id) ?? false;

/** With one more or one less; nothing left is none, never all. */
export function toggled(scope: Scope | null, kind: keyof typeof KINDS, id: string): Scope | null {
  const key = KINDS[kind];
  const before = scope?.[key] ?? [];
  const after = before.includes(id) ? before.filter((one) => one !== id) : [...before, id];
  const next: Scope = { ...scope, [key]: after };
  for (const each of Object.values(KINDS)) if (!next[each]?.length) delete next[each];
  return Object.keys(next).length ? next : null;
}

const count = (n: number, thing: string) => (n ? [`${n} ${thing}${n === 1 ? "" : "s"}`] : []);

/** As short as the composer has room for. */
export function scopeName(scope: Scope | null, collections: Collection[]): string {
  const reach = reachOf(scope);
  if (reach === "none") return "No documents";
  if (reach === "all") return "All my documents";
  const ids = scope?.collection_ids ?? [];
  const single = ids.length === 1 && collections.find((one) => one.id === ids[0])?.name;
  const shelves = single ? [single] : count(ids.length, "collection");
  return [...shelves, ...count(scope?.document_ids?.length ?? 0, "document")].join(", ");
}
