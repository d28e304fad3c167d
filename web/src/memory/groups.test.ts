import { expect, test } from "vitest";
import type { Entity, Fact } from "../types";
import { groupBySubject } from "./groups";

const entity = (name: string): Entity => ({
  ...{ id: name, name, aliases: [] },
  kind: name === "You" ? "me" : "person",
});

const fact = (text: string, subject: string, fields: Partial<Fact> = {}) =>
  ({
    id: text,
    text,
    subject: entity(subject),
    status: "approved",
    valid_to: null,
    ...fields,
  }) as Fact;

const words = (facts: Fact[]) => facts.map((one) => one.text);

test("oneself comes first, then who was spoken of last", () => {
  const groups = groupBySubject([fact("a", "Bert"), fact("b", "You"), fact("c", "Anna")]);
  expect(groups.map((group) => group.entity.name)).toEqual(["You", "Bert", "Anna"]);
});

test("pinned facts come first, what was once so is apart, and what is suggested is in no group", () => {
  const [group, ...others] = groupBySubject([
    fact("new", "You"),
    fact("old", "You", { valid_to: 1 }),
    fact("pinned", "You", { status: "pinned" }),
    fact("maybe", "You", { status: "suggested" }),
  ]);
  expect(words(group!.now)).toEqual(["pinned", "new"]);
  expect(words(group!.earlier)).toEqual(["old"]);
  expect(others).toEqual([]);
});
