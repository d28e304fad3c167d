// Combinations of keys as text: "Mod+Shift+o". Mod is Cmd on a Mac and Ctrl elsewhere.
export const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

const MODIFIERS = new Set([
  "Control",
  "Meta",
  "Alt",
  "Shift",
  "AltGraph",
  "CapsLock",
  "Dead",
  "Process",
]);

type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The letter of the key, also where Alt or another alphabet makes something else of it. */
function letterOf({ key, code, altKey }: Pressed): string {
  const plain = key.length === 1 && key.charCodeAt(0) < 128 && !(altKey && mac);
  const physical = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
  if (key === " ") return "Space";
  return plain || !physical ? (key.length === 1 ? key.toLowerCase() : key) : physical.toLowerCase();
}

/** Null: only modifiers so far. */
export function combinationOf(event: Pressed): string | null {
  if (MODIFIERS.has(event.key)) return null;
  const letter = letterOf(event);
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  // Shift is part of a sign such as the question mark already.
  const sign = letter.length === 1 && !/[a-z0-9]/.test(letter);
  return [
    mod && "Mod",
    other && (mac ? "Ctrl" : "Meta"),
    event.altKey && "Alt",
    event.shiftKey && !sign && "Shift",
    letter,
  ]
    .filter(Boolean)
    .join("+");
}

/** Would a person who types a text type this? */
export const isTyped = (combination: string) => !/^(Mod|Ctrl|Meta|Alt)\+|^F\d/.test(combination);

const NAMES: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};
const ON_MAC: Record<string, string> = { Mod: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧" };

/** As it is printed on keys, one after another. */
export const partsOf = (combination: string) =>
  combination
    .split(/\+(?=.)/)
    .map((part) =>
      mac && ON_MAC[part] ? ON_MAC[part] : part === "Mod" ? "Ctrl" : (NAMES[part] ?? part),
    )
    .map((part) => (part.length === 1 ? part.toUpperCase() : part));

export const shown = (combination: string) => partsOf(combination).join(mac ? "" : "+");
