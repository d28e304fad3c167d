// What a document's state is called. Pure.
import { facts as line, percent, size } from "../language/formats";
import { msg, plural, t } from "../language/t";
import type { Document } from "../types";

const stages: Partial<Record<Document["status"], string>> = {
  queued: msg("Waiting"),
  extracting: msg("Reading"),
  embedding: msg("Indexing"),
  paused: msg("Paused"),
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
  const name = t(stages[document.status] ?? "");
  const share = shareDone(document);
  if (!name || share === null) return name;
  return t("{stage}, {percent}", { stage: name, percent: percent(Math.floor(share * 100) / 100) });
}

export const facts = ({ kind, bytes, pages }: Document) =>
  line([kind.toUpperCase(), size(bytes), pages ? plural(pages, "{n} page", "{n} pages") : ""]);
