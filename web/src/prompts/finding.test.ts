import { expect, test } from "vitest";
import type { Prompt } from "../types";
import { matching, slashBefore } from "./finding";

const at = (text: string) => slashBefore(text, text.length);

test("a slash that begins a line asks for a prompt", () => {
  expect(at("/")).toEqual({ at: 0, query: "" });
  expect(at("  /min")).toEqual({ at: 2, query: "min" });
  expect(at("Hello\n/meeting min")).toEqual({ at: 6, query: "meeting min" });
});

test("a slash within a line, a path and a comment do not", () => {
  expect(at("and/or")).toBeNull();
  expect(at("see /tmp")).toBeNull();
  expect(at("/etc/passwd")).toBeNull();
  expect(at("// so")).toBeNull();
  expect(at("/ so")).toBeNull();
  expect(at("/min\nnext")).toBeNull();
});

test("what stands behind the caret does not count", () => {
  expect(slashBefore("/min and more", 4)).toEqual({ at: 0, query: "min" });
});

test("a long text before it costs nothing", () => {
  expect(at(`${"x".repeat(100_000)}\n/m`)).toEqual({ at: 100_001, query: "m" });
});

const named = (name: string): Prompt => ({
  id: name,
  name,
  text: "",
  created_at: 0,
  updated_at: 0,
});
const list = ["Answer a mail", "Mail to all", "Minutes"].map(named);

test("names that begin with what is typed come first", () => {
  expect(matching(list, "mail").map((one) => one.name)).toEqual(["Mail to all", "Answer a mail"]);
});

test("every word has to be in the name", () => {
  expect(matching(list, "all mail").map((one) => one.name)).toEqual(["Mail to all"]);
  expect(matching(list, "mail x")).toEqual([]);
});
