import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sentences } from "./server";

const folder = new URL("../../../src/gantry_edge/", import.meta.url);
const code = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".py"))
  .map((file) => readFileSync(new URL(file, folder), "utf8"))
  .join();

test.each(sentences)("the server says: %s", (sentence) => {
  expect(code).toContain(`"${sentence}"`);
});
