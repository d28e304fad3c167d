import { expect, test } from "vitest";
import { combinationOf, isTyped, partsOf } from "./keys";

const press = (key: string, code = "", by: Partial<KeyboardEvent> = {}) =>
  combinationOf({
    key,
    code,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...by,
  });

test.each([
  ["Mod+k", press("k", "KeyK", { ctrlKey: true })],
  ["Mod+Shift+o", press("O", "KeyO", { ctrlKey: true, shiftKey: true })],
  ["?", press("?", "Slash", { shiftKey: true })],
  ["Mod+,", press(",", "Comma", { ctrlKey: true })],
  ["F8", press("F8", "F8")],
  ["Mod+Alt+k", press("k", "KeyK", { ctrlKey: true, altKey: true })],
])("%s", (wanted, pressed) => expect(pressed).toBe(wanted));

test("a letter of another alphabet is that of its key", () => {
  expect(press("л", "KeyK", { ctrlKey: true })).toBe("Mod+k");
});

test("modifiers alone are nothing yet", () => {
  expect(press("Shift", "ShiftLeft", { shiftKey: true })).toBeNull();
});

test.each([
  ["?", true],
  ["Shift+a", true],
  ["Mod+k", false],
  ["Alt+j", false],
  ["F8", false],
])("%s is typed: %s", (combination, typed) => expect(isTyped(combination)).toBe(typed));

test("the plus sign is a key of its own", () => {
  expect(partsOf("Mod++")).toEqual(["Ctrl", "+"]);
});
