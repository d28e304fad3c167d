import { computed, signal } from "@preact/signals";
import { api } from "../api";
import type { Model } from "../types";
import { keep, recall } from "./stored";

export const models = signal<Model[] | null>(null);
export const modelsFailed = signal(false);
const chosenId = signal(recall("model"));

/** The one the next message goes to: the chosen one while it exists, else the server's default. */
export const model = computed(
  () => models.value?.find((one) => one.id === chosenId.value) ?? models.value?.[0] ?? null,
);

export async function loadModels() {
  modelsFailed.value = false;
  try {
    models.value = (await api.models()).items;
  } catch {
    modelsFailed.value = true;
  }
}

export function chooseModel(id: string) {
  chosenId.value = id;
  keep("model", id);
}
