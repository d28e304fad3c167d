// What others may ask of the lists of conversations, which a first question needs none of.
import type { Conversation } from "../types";

export interface Lists {
  find: (id: string) => Conversation | undefined;
  /** It was used or changed: into the list where it belongs now. */
  touch: (conversation: Conversation) => void;
}

let lists: Lists | null = null;

export const provide = (given: Lists) => (lists = given);
export const findConversation = (id: string | null) => (id ? lists?.find(id) : undefined) ?? null;
export const touchConversation = (conversation: Conversation) => lists?.touch(conversation);

/** Anew; where their code cannot be loaded, its view says so. */
export const loadConversations = () =>
  import("./lists").then(
    (all) => all.refresh(),
    () => {},
  );
