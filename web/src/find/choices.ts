// What the palette offers for what was typed.
import { msg, t } from "../language/t";
import { actions } from "../shell/actions";
import { keysOf } from "../shell/shortcuts";
import { placeName, passageAddress } from "../state/addresses";
import { go } from "../state/route";
import type { Piece } from "../library/words";
import type { Conversation, FoundMessage, Passage } from "../types";
import type { IconName } from "../ui/Icon";

export interface Choice {
  key: string;
  icon: IconName;
  title: string;
  /** Below the title. */
  said?: Piece[];
  /** That do the same. */
  keys?: string;
  run: () => unknown;
}

export interface Group {
  name: string;
  choices: Choice[];
}

const PLACES: [string, string, IconName][] = [
  [msg("New chat"), "/", "plus"],
  [msg("Library"), "/library", "library"],
  [msg("Settings"), "/settings", "gear"],
  [msg("Memory"), "/settings/memory", "memory"],
  [msg("Archived and deleted"), "/settings/conversations", "archive"],
  [msg("Personas"), "/settings/personas", "edit"],
];

export function placesFor(words: string): Choice[] {
  const wanted = words.trim().toLocaleLowerCase();
  return PLACES.map(([name, address, icon]) => ({
    key: address,
    icon,
    title: t(name),
    run: () => go(address),
  })).filter(({ title }) => title.toLocaleLowerCase().includes(wanted));
}

/** Those that are among the places, or here already. */
const ELSEWHERE = new Set(["palette", "new", "settings"]);

export function actionsFor(words: string): Choice[] {
  const wanted = words.trim().toLocaleLowerCase();
  return actions
    .filter((one) => !ELSEWHERE.has(one.id) && one.can?.() !== false)
    .map((one) => ({
      key: one.id,
      icon: one.icon,
      title: t(one.label),
      keys: keysOf(one)[0],
      run: one.run,
    }))
    .filter(({ title }) => title.toLocaleLowerCase().includes(wanted));
}

export const ofConversation = ({ id, title }: Conversation): Choice => ({
  key: id,
  icon: "right",
  title,
  run: () => go(`/c/${id}`),
});

export const ofMessage = (found: FoundMessage, open: (found: FoundMessage) => void): Choice => ({
  key: found.message_id,
  icon: found.role === "user" ? "edit" : "info",
  title: found.title,
  said: pieces(found.excerpt, found.marks),
  run: () => open(found),
});

export const ofPassage = (passage: Passage, said: Piece[]): Choice => ({
  key: passage.id,
  icon: "library",
  title: placeName(passage),
  said,
  run: () => go(passageAddress(passage)),
});

/** The text cut at the marks, which are in order and apart. */
export function pieces(text: string, marks: [number, number][]): Piece[] {
  const cut: Piece[] = [];
  let at = 0;
  // Places are counted in characters; a text of the page counts an emoji as two.
  const letters = [...text];
  const piece = (start: number, end: number, hit: boolean) => {
    if (start < end) cut.push({ text: letters.slice(start, end).join(""), hit });
  };
  for (const [start, end] of marks) {
    piece(at, start, false);
    piece(start, end, true);
    at = end;
  }
  piece(at, letters.length, false);
  return cut;
}
