// Which keys do what: the table's, but for those a person chose.
import { computed, signal } from "@preact/signals";
import { expired } from "../state/session";
import { keep, recall } from "../state/stored";
import { findingWithin } from "../find/within";
import { type Action, actions, takesFind } from "./actions";
import { finding, handleKeys, sheetOpen } from "./finding";
import { combinationOf, isTyped } from "./keys";

/** The browser's own, which no page is asked about, and what moves the focus. */
const RESERVED = new Set([
  ...["Mod+n", "Mod+t", "Mod+w", "Mod+Shift+n", "Mod+Shift+t", "Mod+Shift+w", "Mod+q", "Mod+r"],
  ...["Mod+a", "Mod+c", "Mod+v", "Mod+x", "Mod+z", "Mod+f", "Mod+p", "Mod+l", "F5", "F11", "F12"],
  ...["Tab", "Shift+Tab", "Enter", "Space", "Escape", "Backspace", "Delete"],
  ...["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"],
]);

type Chosen = Record<string, string[]>;

function stored(): Chosen {
  try {
    const found: unknown = JSON.parse(recall("keys") ?? "{}");
    const entries = Object.entries(found as object);
    return Object.fromEntries(
      entries.filter(
        ([, keys]) => Array.isArray(keys) && keys.every((one) => typeof one === "string"),
      ),
    ) as Chosen;
  } catch {
    return {};
  }
}

const chosen = signal<Chosen>(stored());

function choose(next: Chosen) {
  chosen.value = next;
  keep("keys", Object.keys(next).length ? JSON.stringify(next) : "");
}

export const keysOf = ({ id, keys }: Action) => chosen.value[id] ?? keys;
export const isChanged = ({ id }: Action) => id in chosen.value;
export const anyChanged = computed(() => Object.keys(chosen.value).length > 0);

/** Why a combination cannot be taken: another has it, or the browser. */
export function conflict(combination: string, action: Action): Action | "reserved" | null {
  if (RESERVED.has(combination)) return "reserved";
  return actions.find((one) => one !== action && keysOf(one).includes(combination)) ?? null;
}

/** Null: none at all. */
export function bind({ id }: Action, combination: string | null) {
  choose({ ...chosen.peek(), [id]: combination ? [combination] : [] });
}

/** Null: all of them. What was theirs may belong to another by now, which loses it. */
export function reset(action: Action | null) {
  if (!action) return choose({});
  const { [action.id]: _, ...rest } = chosen.peek();
  for (const one of actions) {
    if (rest[one.id]?.some((key) => action.keys.includes(key))) rest[one.id] = [];
  }
  choose(rest);
}

const typing = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest(
    "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]",
  ) !== null;

/** In a dialog only what closes that dialog is done. */
function allowed({ id }: Action): boolean {
  if (expired.peek()) return false;
  if (!document.querySelector("dialog[open]")) return true;
  return (id === "palette" && finding.peek()) || (id === "shortcuts" && sheetOpen.peek());
}

export function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  const combination = combinationOf(event);
  if (!combination) return;
  const inDialog = document.querySelector("dialog[open]") !== null;
  if (combination === "Mod+f" && takesFind() && !inDialog) {
    event.preventDefault();
    findingWithin.value = true;
    return;
  }
  if (isTyped(combination) && typing(event.target)) return;
  const action = actions.find((one) => keysOf(one).includes(combination));
  if (!action || !allowed(action) || action.can?.() === false) return;
  event.preventDefault();
  void action.run();
}

handleKeys(onKey);
