import { expect, test } from "vitest";
import { guessSystem } from "./system";

test.each([
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0", 0, "windows"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/145.0", 10, "windows"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", 0, "macos"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", 5, "ios"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1", 5, "ios"],
  ["Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/142.0 Mobile", 5, "android"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0", 0, "linux"],
  ["Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0", 0, null],
  ["curl/8.0", 0, null],
])("%s with %i points is %s", (agent, points, system) =>
  expect(guessSystem(agent, points)).toBe(system),
);
