import { computed, signal } from "@preact/signals";
import { api } from "../api";
import type { Model } from "../types";
import { keep, recall } from "./stored";

export const models = signal<Model[] | null>(null);
export const modelsFailed = signal(false);
const chosenId = signal(recall("model"));
/** What the persona of the conversation prefers, until somebody chooses another. */
export const preferred = signal<string | null>(null);

const find = (id: string | null) => models.value?.find((one) => one.id === id);

/** The one the next message goes to: the preferred or the chosen one while it exists, else the server's default. */
export const model = computed(
  () => find(preferred.value) ?? find(chosenId.value) ?? models.value?.[0] ?? null,
);

/** What to ask for; undefined: what the persona prefers, or what there is instead. */
export const askedModel = () => (preferred.peek() ? undefined : model.peek()?.id);

export async function loadModels() {
  modelsFailed.value = false;
  try {
    models.value = (await api.models()).items;
  } catch {
    modelsFailed.value = true;
  }
}

export function chooseModel(id: string) {
  preferred.value = null;
  chosenId.value = id;
  keep("model", id);
}

/** What was chosen in this browser counts no more: the default does. */
export function forgetChosen() {
  chosenId.value = null;
  keep("model", "");
}
