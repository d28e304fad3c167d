import { t } from "../language/t";
import { putAway } from "../state/order";
import { end, choosing } from "../state/selection";
import type { Conversation } from "../types";
import { Icon } from "../ui/Icon";
import { dropPlace, over } from "./dragging";
import "../settings/sheet.css";

/** Below the list while something is dragged. */
export function DropPlaces() {
  const away = (place: "archived" | "trash") => async (all: Conversation[]) => {
    if ((await putAway(all, place)) && choosing()) end();
  };
  return (
    <div class="drop-places" aria-hidden="true">
      <div
        class={over.value === "archive" ? "over" : ""}
        {...dropPlace("archive", away("archived"))}
      >
        <Icon name="archive" /> {t("Archive")}
      </div>
      <div class={over.value === "trash" ? "over" : ""} {...dropPlace("trash", away("trash"))}>
        <Icon name="trash" /> {t("Delete")}
      </div>
    </div>
  );
}
