import { expect, test } from "vitest";
import { filled, today, unknown } from "./prompt";

const values = { user: "Ada", date: "2026-11-24", model: "echo" };

test("known variables are filled in, others stay", () => {
  const prompt = "{{user}} {{ date }} {{model}} {{mood}} {user} {{constructor}}";
  expect(filled(prompt, values)).toBe("Ada 2026-11-24 echo {{mood}} {user} {{constructor}}");
  expect(filled("{{user}}", { ...values, user: "$& {{date}}" })).toBe("$& {{date}}");
});

test("unknown ones are named once", () => {
  expect(unknown("{{mood}} {{user}} {{mood}} {{tone}}")).toEqual(["mood", "tone"]);
});

test("the date has no time of day", () => {
  expect(today(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
});
