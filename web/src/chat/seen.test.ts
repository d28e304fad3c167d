import { expect, test } from "vitest";
import type { Context } from "../types";
import { fullness, missing, nameOf } from "./seen";

const nothing = { messages: 0, memories: 0, sources: 0, characters: 0 };
const segment = { tokens: 1, ref: "", text: "", document_id: null };
const context = { window: 1000, prompt_tokens: 600 } as Context;

test("a summary has a name of its own", () => {
  const summary = { kind: "summary", tokens: 1, ref: "", text: "", label: "", document_id: null };
  expect(nameOf(summary)).toBe("Summary of older messages");
});

test("what was left out is one sentence, and none when all fitted", () => {
  expect(missing(nothing)).toBe("");
  expect(missing({ ...nothing, messages: 12, sources: 1 })).toBe(
    "Left out, because it did not fit: 12 older messages, 1 excerpt.",
  );
});

test("a piece is named by its document, or by who said it", () => {
  expect(nameOf({ ...segment, kind: "document", label: "handbook.pdf" })).toBe("handbook.pdf");
  expect(nameOf({ ...segment, kind: "document", label: "" })).toBe("How to use the excerpts");
  expect(nameOf({ ...segment, kind: "history", label: "assistant" })).toBe("Earlier answer");
});

test("the answer fills the window too, and an unknown window is never full", () => {
  expect(fullness(context, 100)).toBe(0.7);
  expect(fullness(context, 5000)).toBe(1);
  expect(fullness({ ...context, window: null }, 1)).toBeNull();
});
