// The texts somebody writes messages from.
import { signal } from "@preact/signals";
import { promptsApi, type PromptFields } from "../promptsApi";
import type { Prompt } from "../types";

export const prompts = signal<Prompt[] | null>(null);
/** Just deleted, with the way back. */
export const deletedPrompt = signal<PromptFields | null>(null);

const others = (id: string) => (prompts.peek() ?? []).filter((one) => one.id !== id);

const keep = (list: Prompt[]) =>
  (prompts.value = list.sort((a, b) => a.name.localeCompare(b.name)));

export const loadPrompts = async () => keep(await promptsApi.list());

/** `id` null: a new one. */
export async function savePrompt(id: string | null, { name, text }: PromptFields) {
  const saved = await (id
    ? promptsApi.replace(id, { name, text })
    : promptsApi.add({ name, text }));
  keep([...others(saved.id), saved]);
}

export async function deletePrompt(prompt: Prompt) {
  await promptsApi.remove(prompt.id);
  keep(others(prompt.id));
  deletedPrompt.value = prompt;
}

export async function bringPromptBack() {
  const prompt = deletedPrompt.peek();
  if (!prompt) return;
  await savePrompt(null, prompt);
  deletedPrompt.value = null;
}
