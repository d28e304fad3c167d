import { forget, restoreDocument, undoable } from "../state/documents";
import type { Document } from "../types";
import { announce } from "../ui/announce";
import { Button, IconButton } from "../ui/Button";
import { focusMain } from "../ui/focusMain";
import { focusRow } from "./DocumentRow";

/** The way back from a deletion, for as long as there is one. */
export function Undo() {
  if (!undoable.value.length) return null;
  const restore = async (one: Document) => {
    if (!(await restoreDocument(one))) return;
    announce(`${one.name} is back`);
    requestAnimationFrame(() => focusRow(one.id));
  };
  return (
    <section class="undo" aria-label="Deleted">
      <ul class="undo-list">
        {undoable.value.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{one.name}</strong> deleted
            </span>
            <Button aria-label={`Undo deleting ${one.name}`} onClick={() => void restore(one)}>
              Undo
            </Button>
            <IconButton
              icon="close"
              label={`Dismiss ${one.name}`}
              onClick={() => (forget(one), focusMain())}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
