// Personas: all that somebody may use, and which one the conversation on screen has.
import { computed, signal } from "@preact/signals";
import { api } from "../api";
import { personasApi, type PersonaFields } from "../personasApi";
import type { Defaults, Page, Persona } from "../types";
import { conversation, defaultPersona, openId, personaId, tell, wantedPersona } from "./chat";

export const personas = signal<Persona[] | null>(null);
export const defaults = signal<Defaults | null>(null);
export const persona = computed(
  () => personas.value?.find((one) => one.id === personaId.value) ?? null,
);
export const mine = computed(() =>
  personas.value?.filter((one) => one.visibility === "private" && !one.owner),
);
export const ofOthers = computed(() => personas.value?.filter((one) => one.owner));
export const forAll = computed(() => personas.value?.filter((one) => one.visibility === "system"));

const byName = (a: Persona, b: Persona) => a.name.localeCompare(b.name);

function take(found: Defaults) {
  defaults.value = found;
  defaultPersona.value = found.persona_id;
}

export async function loadPersonas() {
  const [found, list] = await Promise.all([personasApi.defaults(), readAll()]);
  personas.value = list.sort(byName);
  take(found);
}

async function readAll() {
  const list: Persona[] = [];
  let before: string | null = null;
  do {
    const page: Page<Persona> = await personasApi.list(before);
    list.push(...page.items);
    before = page.next;
  } while (before);
  return list;
}

/** `id` null: a new one. */
export async function savePersona(
  id: string | null,
  fields: PersonaFields,
  visibility: Persona["visibility"],
) {
  const saved = id
    ? await personasApi.replace(id, fields)
    : await personasApi.add(fields, visibility);
  const others = personas.peek()?.filter((one) => one.id !== saved.id) ?? [];
  personas.value = [...others, saved].sort(byName);
  return saved;
}

export async function deletePersona(id: string) {
  await personasApi.remove(id);
  personas.value = personas.peek()?.filter((one) => one.id !== id) ?? null;
  take(await personasApi.defaults());
}

export async function chooseDefault(id: string | null | undefined) {
  take(await personasApi.choose(id));
}

export async function chooseForWorkspace(id: string | null) {
  take(await personasApi.chooseForWorkspace(id));
}

/** For the conversation on screen; one that has not begun says it with its first question. */
export async function choosePersona(id: string | null) {
  const here = openId.peek();
  if (!here) {
    wantedPersona.value = id;
    return;
  }
  try {
    const saved = await api.editConversation(here, { persona_id: id });
    if (here === openId.peek()) conversation.value = saved;
  } catch (error) {
    tell(error);
  }
}
