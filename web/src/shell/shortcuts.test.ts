import { beforeEach, expect, test, vi } from "vitest";

vi.stubGlobal("location", { pathname: "/", search: "" });
vi.stubGlobal("history", { pushState() {}, replaceState() {} });
vi.stubGlobal("addEventListener", () => {});
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {} }));
vi.stubGlobal("document", { documentElement: { dataset: {} }, querySelector: () => null });
vi.stubGlobal("Element", class {});
const stored = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
  removeItem: (key: string) => stored.delete(key),
});
const { actions } = await import("./actions");
const shortcuts = await import("./shortcuts");
const { finding } = await import("./finding");

const find = (id: string) => actions.find((one) => one.id === id)!;
const [palette, stop] = [find("palette"), find("stop")];

function press(key: string, by: object = {}) {
  let prevented = false;
  const event = { key, code: "", ...by, preventDefault: () => (prevented = true) };
  shortcuts.onKey(event as unknown as KeyboardEvent);
  return prevented;
}

beforeEach(() => {
  shortcuts.reset(null);
  finding.value = false;
});

test("no two actions begin with the same keys, and none with the browser's", () => {
  const keys = actions.flatMap((one) => one.keys);
  expect(new Set(keys).size).toBe(keys.length);
  for (const one of actions)
    for (const key of one.keys) expect(shortcuts.conflict(key, one)).toBeNull();
});

test("other keys can be chosen, and are kept", () => {
  shortcuts.bind(palette, "Mod+j");
  expect(press("k", { ctrlKey: true })).toBe(false);
  expect(press("j", { ctrlKey: true })).toBe(true);
  expect(finding.value).toBe(true);
  expect(stored.get("gantry.keys")).toContain("Mod+j");
});

test("keys that are taken say whose they are", () => {
  expect(shortcuts.conflict("Mod+k", stop)).toBe(palette);
  expect(shortcuts.conflict("Mod+w", stop)).toBe("reserved");
});

test("going back to the first keys takes them from who has them now", () => {
  shortcuts.bind(palette, "Mod+j");
  shortcuts.bind(stop, "Mod+k");
  shortcuts.reset(palette);
  expect(shortcuts.keysOf(palette)).toEqual(["Mod+k"]);
  expect(shortcuts.keysOf(stop)).toEqual([]);
});

test("what there is nothing to do with is left to the browser", () => {
  expect(press(".", { ctrlKey: true })).toBe(false);
});
