import { expect, test } from "vitest";
import { sentenceEnd } from "./sentences";

test.each([
  ["", 0],
  ["No end yet", 0],
  ["One. Two", 4],
  ["Version 1.5 is", 0],
  ["One. Two! Thr", 9],
  ["- item\n- it", 7],
  ["これは。次", 4],
])("%j ends its last sentence at %i", (text, end) => {
  expect(sentenceEnd(text)).toBe(end);
});
