import { at, read, request, send } from "./api";
import type { Prompt } from "./types";

/** What a person writes. */
export type PromptFields = Pick<Prompt, "name" | "text">;

const one = (id: string) => `/api/prompts/${at(id)}`;

export const promptsApi = {
  list: () => read<Prompt[]>("/api/prompts"),
  add: (fields: PromptFields) => send<Prompt>("POST", "/api/prompts", fields),
  replace: (id: string, fields: PromptFields) => send<Prompt>("PUT", one(id), fields),
  remove: (id: string) => request("DELETE", one(id)),
};
