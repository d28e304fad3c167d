import { afterEach, expect, test, vi } from "vitest";
import type { Document } from "../types";
import {
  applyDocument,
  deleteDocument,
  documents,
  libraryProblem,
  restoreDocument,
  undoable,
  withDocument,
} from "./documents";

afterEach(() => vi.unstubAllGlobals());

const made = (id: string, created_at: number, updated_at = created_at): Document => ({
  id,
  collection_id: "c",
  name: id,
  kind: "pdf",
  bytes: 1,
  status: "queued",
  stage_done: 0,
  stage_total: 0,
  error: null,
  warning: "",
  pages: null,
  chunks: null,
  created_at,
  updated_at,
});

const list = [made("new", 30), made("old", 10)];
const ids = (documents: Document[]) => documents.map(({ id }) => id);

test("news of a document take its place, older news than known do not", () => {
  const ready: Document = { ...made("old", 10, 40), status: "ready" };
  expect(withDocument(list, ready, true)[1]?.status).toBe("ready");
  expect(withDocument(withDocument(list, ready, true), made("old", 10, 20), true)[1]).toBe(ready);
});

test("one not seen before goes where its age puts it", () => {
  expect(ids(withDocument(list, made("x", 40), true))).toEqual(["x", "new", "old"]);
  expect(ids(withDocument(list, made("x", 20), true))).toEqual(["new", "x", "old"]);
  expect(ids(withDocument(list, made("x", 5), true))).toEqual(["new", "old", "x"]);
});

test("one older than all that were read waits for its page", () => {
  expect(withDocument(list, made("x", 5), false)).toBe(list);
});

test("a deleted document is not brought back by late news, but by undoing", async () => {
  vi.stubGlobal("fetch", async (path: string) =>
    path.endsWith("/restore")
      ? Response.json(made("old", 10, 50))
      : path.startsWith("/api/collections")
        ? Response.json({ items: [], next: null })
        : new Response(null, { status: 204 }),
  );
  documents.value = list;
  expect(await deleteDocument(list[1]!)).toBe(true);
  applyDocument(made("old", 10, 45));
  expect(ids(documents.value)).toEqual(["new"]);
  expect(ids(undoable.value)).toEqual(["old"]);
  expect(await restoreDocument(list[1]!)).toBe(true);
  expect(ids(documents.value)).toEqual(["new", "old"]);
  expect(undoable.value).toEqual([]);
});

test("a document that could not be deleted stays, and it is said why", async () => {
  const problem = { status: 503, code: "busy", detail: "The server is stopping." };
  vi.stubGlobal("fetch", async () => Response.json(problem, { status: 503 }));
  documents.value = list;
  expect(await deleteDocument(list[0]!)).toBe(false);
  expect(documents.value).toBe(list);
  expect(libraryProblem.value).toBe("The server is stopping.");
});
