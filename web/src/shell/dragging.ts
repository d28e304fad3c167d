// Conversations that are being dragged, and where they may be dropped. Everything here is in the menus, too.
import { signal } from "@preact/signals";
import type { Conversation } from "../types";
import { chosen } from "../state/selection";

export const dragged = signal<Conversation[] | null>(null);
/** What they are above. */
export const over = signal("");

/** All that are chosen, if it is one of them. */
export const drag = (one: Conversation) => ({
  onDragStart(event: DragEvent) {
    const all = chosen.peek()?.has(one.id) ? [...chosen.peek()!.values()] : [one];
    event.dataTransfer!.effectAllowed = "copyMove";
    // Changed at once, the page would end what has just begun.
    setTimeout(() => (dragged.value = all));
  },
  onDragEnd() {
    dragged.value = null;
    over.value = "";
  },
});

/** `key` tells the places apart. */
export const dropPlace = (
  key: string,
  onDrop: (all: Conversation[], event: DragEvent) => void,
) => ({
  onDragOver(event: DragEvent) {
    if (!dragged.peek()) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = "move";
    over.value = key;
  },
  onDragLeave(event: DragEvent) {
    const inside = (event.currentTarget as Element).contains(event.relatedTarget as Node | null);
    if (!inside && over.peek() === key) over.value = "";
  },
  onDrop(event: DragEvent) {
    const all = dragged.peek();
    if (!all) return;
    event.preventDefault();
    dragged.value = null;
    over.value = "";
    onDrop(all, event);
  },
});
