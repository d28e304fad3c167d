import { expect, test } from "vitest";
import type { Collection } from "../types";
import { chosen, reachOf, scopeName, toggled } from "./scopes";

const shelf: Collection = {
  id: "c",
  name: "Handbooks",
  documents: 2,
  created_at: 1,
  updated_at: 1,
};

test("null is none, nothing named is all", () => {
  expect(reachOf(null)).toBe("none");
  expect(reachOf({})).toBe("all");
  expect(reachOf({ collection_ids: null, document_ids: null })).toBe("all");
  expect(reachOf({ document_ids: ["d"] })).toBe("some");
});

test("choosing one after the other, and taking all back, ends with none and never with all", () => {
  const one = toggled(null, "collection", "c");
  expect(one).toEqual({ collection_ids: ["c"] });
  const two = toggled(one, "document", "d");
  expect(two).toEqual({ collection_ids: ["c"], document_ids: ["d"] });
  expect(chosen(two, "document", "d")).toBe(true);
  expect(toggled(two, "collection", "c")).toEqual({ document_ids: ["d"] });
  expect(toggled(toggled(two, "collection", "c"), "document", "d")).toBeNull();
  expect(toggled({ collection_ids: null, document_ids: ["d"] }, "document", "d")).toBeNull();
});

test("a scope is called by what is in it", () => {
  expect(scopeName(null, [shelf])).toBe("No documents");
  expect(scopeName({}, [shelf])).toBe("All my documents");
  expect(scopeName({ collection_ids: ["c"] }, [shelf])).toBe("Handbooks");
  expect(scopeName({ collection_ids: ["gone"] }, [shelf])).toBe("1 collection");
  expect(scopeName({ collection_ids: ["c", "x"], document_ids: ["d"] }, [shelf])).toBe(
    "2 collections, 1 document",
  );
});
