// Looks for what is typed: asked when the typing rests, and an answer that comes too late is dropped.
import { signal } from "@preact/signals";
import { t } from "../language/t";
import { libraryApi } from "../libraryApi";
import { excerpt, marked } from "../library/words";
import type { FoundMessage } from "../types";
import { actionsFor, type Group, ofConversation, ofMessage, ofPassage, placesFor } from "./choices";
import { findApi } from "./findApi";

const REST = 150;
const LIMITS = { conversations: 5, messages: 8, passages: 3 };

export const words = signal("");
export const groups = signal<Group[]>([]);
/** What the groups were found for: until that is what is typed, none of them is meant. */
export const foundFor = signal("");
export const state = signal<"ready" | "searching" | "failed">("ready");

let timer: ReturnType<typeof setTimeout>;
let abort: AbortController | null = null;

export function lookFor(text: string, open: (found: FoundMessage) => void) {
  words.value = text;
  clearTimeout(timer);
  abort?.abort();
  if (!text.trim()) {
    groups.value = [
      { name: t("Go to"), choices: placesFor("") },
      { name: t("Do"), choices: actionsFor("") },
    ];
    foundFor.value = text;
    state.value = "ready";
    return;
  }
  state.value = "searching";
  timer = setTimeout(() => void ask(text, open), REST);
}

/** Each group is shown as soon as it is known: words are found sooner than meaning. */
async function ask(text: string, open: (found: FoundMessage) => void) {
  const { signal } = (abort = new AbortController());
  const found: Group[] = [
    { name: t("Go to"), choices: placesFor(text) },
    { name: t("Do"), choices: actionsFor(text) },
    { name: t("Conversations"), choices: [] },
    { name: t("Messages"), choices: [] },
    { name: t("Documents"), choices: [] },
  ];
  const show = () => {
    groups.value = found.filter((group) => group.choices.length);
    foundFor.value = text;
  };
  const asked = [
    findApi
      .conversations(text, LIMITS.conversations, signal)
      .then(({ items }) => items.map(ofConversation)),
    findApi
      .messages(text, LIMITS.messages, signal)
      .then(({ items }) => items.map((one) => ofMessage(one, open))),
    libraryApi
      .search({ query: text, limit: LIMITS.passages }, signal)
      .then(({ items }) => items.map((one) => ofPassage(one, excerpt(marked(one.text, text))))),
  ];
  const shown = asked.map(async (choices, at) => {
    found[at + 2]!.choices = await choices;
    if (!signal.aborted) show();
  });
  const ends = await Promise.allSettled(shown);
  if (signal.aborted) return;
  show();
  state.value = ends.every((end) => end.status === "fulfilled") ? "ready" : "failed";
}
