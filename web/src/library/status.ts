// What a document's state is called. Pure.
import type { Document } from "../types";

const stages: Partial<Record<Document["status"], string>> = {
  queued: "Waiting",
  extracting: "Reading",
  embedding: "Indexing",
  paused: "Paused",
};

export const isUnderWay = ({ status }: Document) =>
  status === "queued" || status === "extracting" || status === "embedding";

/** How far, from 0 to 1; null while it is not known. */
export function shareDone({ status, stage_done, stage_total }: Document): number | null {
  const known = stage_total > 0 && status !== "queued";
  return known ? Math.min(stage_done / stage_total, 1) : null;
}

/** Empty for one that is ready or failed: that is said in other ways. */
export function stageText(document: Document): string {
  const name = stages[document.status] ?? "";
  const share = shareDone(document);
  return name && share !== null ? `${name}, ${Math.floor(share * 100)} %` : name;
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString()} ${unit}`;
}

export const countText = (count: number, thing: string) =>
  `${count.toLocaleString()} ${thing}${count === 1 ? "" : "s"}`;

export function facts({ kind, bytes, pages }: Document): string {
  const parts = [kind.toUpperCase(), sizeText(bytes), pages ? countText(pages, "page") : ""];
  return parts.filter(Boolean).join(" · ");
}
