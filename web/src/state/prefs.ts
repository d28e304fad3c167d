import { effect, signal } from "@preact/signals";
import { keep, recall } from "./stored";

/** A choice of this browser, told to the style sheets; the first value is what holds without one. */
export function choice<T extends string>(name: string, values: readonly [T, ...T[]]) {
  const stored = recall(name) as T;
  const chosen = signal(values.includes(stored) ? stored : values[0]);
  effect(() => {
    document.documentElement.dataset[name] = chosen.value;
    keep(name, chosen.value === values[0] ? "" : chosen.value);
  });
  return chosen;
}

export const theme = choice("theme", ["system", "light", "dark"]);
export const contrast = choice("contrast", ["system", "more"]);
/** What sends a message; the other one begins a new line. */
export const sendKey = choice("send", ["enter", "control"]);
export const textSize = choice("size", ["normal", "large", "larger"]);
/** Beside the page; on narrow screens it is a drawer. */
export const sidebar = choice("sidebar", ["shown", "hidden"]);
