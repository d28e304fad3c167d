// What goes with the message being written: kept in this browser like its text, until it is sent.
import { effect } from "@preact/signals";
import { t } from "../language/t";
import type { Message, Part } from "../types";
import { attached, type Attached } from "./attached";
import { conversation, openId, wantedTemporary } from "./chat";
import { model } from "./models";
import { user } from "./session";
import { keep, recall } from "./stored";

/** A browser keeps some millions of characters in all. */
const KEPT = 1_000_000;

const key = (place: string | null) => `draft.${user.peek()?.id}.${place ?? "new"}.attached`;

let shown: string | null | undefined;

function stored(place: string | null): Attached[] {
  try {
    return JSON.parse(recall(key(place)) ?? "[]");
  } catch {
    return [];
  }
}

const sizeOf = (list: readonly Attached[]) => list.reduce((sum, one) => sum + one.text.length, 0);

/** Follows the conversation on screen; returns how to end that. */
export function followAttached() {
  return effect(() => {
    const place = openId.value;
    const list = attached.value;
    const temporary = place ? conversation.value?.place === "temporary" : wantedTemporary.value;
    if (place !== shown) {
      // Not after the first message: the conversation got its id under our hands.
      if (!(shown === null && list.length === 0 && place)) {
        const found = stored(place);
        if (shown !== undefined || found.length) attached.value = found;
      }
      shown = place;
      return;
    }
    keep(key(place), list.length && !temporary && sizeOf(list) <= KEPT ? JSON.stringify(list) : "");
  });
}

/** A name that no other has yet. */
function named(name: string): string {
  const names = new Set(attached.peek().map((one) => one.name));
  if (!names.has(name)) return name;
  let n = 2;
  while (names.has(`${name} ${n}`)) n++;
  return `${name} ${n}`;
}

export const attach = (name: string, text: string, image?: Attached["image"]) =>
  (attached.value = [...attached.peek(), { name: named(name), text, image }]);

/** Why the chosen model cannot be asked. */
export const noPictures = () =>
  t("{model} takes no pictures. Choose another model, or remove the pictures.", {
    model: model.value?.name ?? "",
  });

export const detach = (one: Attached) =>
  (attached.value = attached.peek().filter((other) => other !== one));

export const attachedTo = (message: Message): Attached[] =>
  message.parts.flatMap((part): Attached[] => {
    if (part.type === "attachment") return [{ name: part.name, text: part.text }];
    if (part.type !== "image") return [];
    const { id, name, width, height } = part;
    return [{ name, text: "", image: { id, width, height } }];
  });

/** As a message has them. */
export const partsOf = (list: readonly Attached[]): Part[] =>
  list.map(({ name, text, image }) =>
    image ? { type: "image", name, media: "", ...image } : { type: "attachment", name, text },
  );
