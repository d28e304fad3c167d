import { expect, test } from "vitest";
import { csv } from "./csv";

test("commas, quotation marks and lines keep to their field", () => {
  expect(
    csv([
      ["a", "b"],
      ["1,5", 'say "x"\nagain'],
    ]),
  ).toBe('a,b\r\n"1,5","say ""x""\nagain"\r\n');
});

test.each(["=cmd|'/c calc'!A1", "+1+1", "@SUM(1)", "-2+3"])("%j is no formula", (text) => {
  expect(csv([[text]])).toMatch(/^"?'/);
});

test.each(["-5", "-1,5", "-12.5%", "a-b"])("%j stays a number or a word", (text) => {
  expect(csv([[text]])).not.toContain("'");
});
