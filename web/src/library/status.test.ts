import { expect, test } from "vitest";
import type { Document } from "../types";
import { facts, stageText } from "./status";

const document: Document = {
  id: "d",
  collection_id: "c",
  name: "handbook.pdf",
  kind: "pdf",
  bytes: 1_234_567,
  status: "extracting",
  stage_done: 1,
  stage_total: 3,
  error: null,
  warning: "",
  pages: null,
  chunks: null,
  created_at: 1,
  updated_at: 1,
};

test("a stage says how far it is, once that is known", () => {
  expect(stageText(document)).toBe("Reading, 33%");
  expect(stageText({ ...document, stage_total: 0 })).toBe("Reading");
  expect(stageText({ ...document, status: "embedding", stage_done: 9 })).toBe("Indexing, 100%");
  expect(stageText({ ...document, status: "queued" })).toBe("Waiting");
  expect(stageText({ ...document, status: "ready" })).toBe("");
});

test("facts of a document", () => {
  expect(facts({ ...document, pages: 12 })).toBe("PDF · 1.2 MB · 12 pages");
  expect(facts({ ...document, bytes: 999, pages: 1 })).toBe("PDF · 999 B · 1 page");
  expect(facts({ ...document, bytes: 45_600 })).toBe("PDF · 46 kB");
});
