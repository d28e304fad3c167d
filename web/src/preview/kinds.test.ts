import { expect, test } from "vitest";
import { extensionOf } from "../markdown/highlight";
import { kindOf } from "./kinds";

test.each([
  ["html", "<p>", "html"],
  ["HTML", "<p>", "html"],
  ["svg", "<svg/>", "svg"],
  ["mermaid", "graph TD", "mermaid"],
  ["xml", '<?xml version="1.0"?>\n<svg viewBox="0 0 1 1"/>', "svg"],
  ["xml", "<feed><svg/></feed>", null],
  ["js", "<svg/>", null],
  ["", "<html>", null],
])("%s with %j is shown as %s", (language, code, kind) => {
  expect(kindOf(language, code)).toBe(kind);
});

test.each([
  ["python", "py"],
  ["py", "py"],
  ["TypeScript", "ts"],
  ["tsx", "tsx"],
  ["html", "html"],
  ["bash", "sh"],
  ["cpp", "cpp"],
  ["c++", "cpp"],
  ["sql", "sql"],
  ["brainfuck", "txt"],
  ["__proto__", "txt"],
  ["", "txt"],
])("a file of %j ends with .%s", (language, extension) => {
  expect(extensionOf(language)).toBe(extension);
});
