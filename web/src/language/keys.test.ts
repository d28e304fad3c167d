import { expect, test } from "vitest";
import { files, readFile, readText } from "./keys";

test("the text of t, msg, rich and plural is a key", () => {
  const source = `
    const label = msg("Light");
    const view = () => t("Delete {title}?", { title }) + plural(n, "{n} page", "{n} " + "pages");
    const sentence = () => rich("Read <a>it</a>", {});
  `;
  const { keys, wrong } = readText(source, "a.tsx");
  expect(keys.map(({ text }) => text)).toEqual([
    "Light",
    "Delete {title}?",
    "{n} pages",
    "Read <a>it</a>",
  ]);
  expect(wrong).toEqual([]);
});

test("a text translated before any catalogue is there is wrong", () => {
  expect(readText(`const label = t("Light");`, "a.ts").wrong).toHaveLength(1);
});

test("a text made of pieces is wrong", () => {
  expect(readText("const f = () => t(`Hello ${name}`);", "a.ts").wrong).toHaveLength(1);
});

test("words that are shown as they are written are found", () => {
  const source = `
    const view = () => <p title="Tip" class="not shown">Words {on ? "On" : t("Off")} {n === "no"}</p>;
    const item = { label: \`More for \${title}\`, icon: "edit" };
    announce("Done");
  `;
  const words = readText(source, "a.tsx").bare.map((one) => one.replace(/^\S+ /, ""));
  expect(words).toEqual(["Tip", "Words", "On", "More for …", "Done"]);
});

test.each(files())("%s says everything through t()", (file) => {
  const { bare, wrong } = readFile(file);
  expect(wrong).toEqual([]);
  expect(bare).toEqual([]);
});
