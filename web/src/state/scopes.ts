// A scope of documents as a value: what it is called, and what each choice makes of it.
import { plural, t } from "../language/t";
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

/** As short as the composer has room for. */
export function scopeName(
  scope: Scope | null,
  collections: Pick<Collection, "id" | "name">[],
): string {
  const reach = reachOf(scope);
  if (reach === "none") return t("No documents");
  if (reach === "all") return t("All my documents");
  const ids = scope?.collection_ids ?? [];
  const single = ids.length === 1 && collections.find((one) => one.id === ids[0])?.name;
  const documents = scope?.document_ids?.length ?? 0;
  return [
    single || (ids.length && plural(ids.length, "{n} collection", "{n} collections")),
    documents && plural(documents, "{n} document", "{n} documents"),
  ]
    .filter(Boolean)
    .join(", ");
}
