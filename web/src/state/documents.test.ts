import { afterEach, expect, test, vi } from "vitest";
import type { Document } from "../types";
import {
  applyDocument,
  deleteDocument,
  documents,
  libraryProblem,
  moreDocuments,
  openShelf,
  readMoreDocuments,
  removeDocument,
  rereadDocuments,
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

/** The server's next page of the list, when the test says so. */
function pageOnItsWay() {
  let arrive: (page: Response) => void;
  const page = new Promise<Response>((resolve) => (arrive = resolve));
  vi.stubGlobal("fetch", () => page);
  return (items: Document[]) => arrive(Response.json({ items, next: null }));
}

test("what was heard while the list was read again is newer than the list", async () => {
  documents.value = list;
  const arrive = pageOnItsWay();
  const read = rereadDocuments();
  applyDocument({ ...made("old", 10, 40), status: "ready" });
  applyDocument(made("added", 50));
  removeDocument("new");
  arrive([made("new", 30), made("old", 10, 20)]);
  await read;
  expect(ids(documents.value)).toEqual(["added", "old"]);
  expect(documents.value[1]?.status).toBe("ready");
});

test("a document is in the list once, however its page came", async () => {
  documents.value = list;
  moreDocuments.value = "old";
  const arrive = pageOnItsWay();
  const read = readMoreDocuments();
  arrive([made("old", 10), made("older", 5)]);
  await read;
  expect(ids(documents.value)).toEqual(["new", "old", "older"]);
});

test("more that cannot be read leave what there is, and it is said", async () => {
  documents.value = list;
  moreDocuments.value = "old";
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
  await readMoreDocuments();
  expect(documents.value).toBe(list);
  expect(libraryProblem.value).toContain("could not be read");
});

test("a deletion is still to be undone after the network failed", async () => {
  vi.stubGlobal("fetch", async () => new Response(null, { status: 204 }));
  await openShelf("c");
  documents.value = list;
  await deleteDocument(list[0]!);
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await restoreDocument(list[0]!)).toBe(false);
  expect(ids(undoable.value)).toEqual(["new"]);
  const problem = { status: 404, code: "not_found", detail: "This document does not exist." };
  vi.stubGlobal("fetch", async () => Response.json(problem, { status: 404 }));
  expect(await restoreDocument(list[0]!)).toBe(false);
  expect(undoable.value).toEqual([]);
});
