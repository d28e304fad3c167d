import { rich } from "../language/rich";
import { t } from "../language/t";
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
    announce(t("{title} is back", { title: one.name }));
    requestAnimationFrame(() => focusRow(one.id));
  };
  return (
    <section class="undo" aria-label={t("Deleted")}>
      <ul class="undo-list">
        {undoable.value.map((one) => (
          <li key={one.id}>
            <span>{rich("{title} deleted", { title: <strong>{one.name}</strong> })}</span>
            <Button
              aria-label={t("Undo deleting {name}", { name: one.name })}
              onClick={() => void restore(one)}
            >
              {t("Undo")}
            </Button>
            <IconButton
              icon="close"
              label={t("Dismiss {name}", { name: one.name })}
              onClick={() => (forget(one), focusMain())}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
