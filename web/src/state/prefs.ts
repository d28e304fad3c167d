import { effect, signal } from "@preact/signals";
import { keep, recall } from "./stored";

export type Theme = "system" | "light" | "dark";

const stored = recall("theme");

export const theme = signal<Theme>(stored === "light" || stored === "dark" ? stored : "system");

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  keep("theme", theme.value === "system" ? "" : theme.value);
});
