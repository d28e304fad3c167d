import { t } from "../language/t";
import { putAway } from "../state/order";
import { chooseAll, chosen, end } from "../state/selection";
import { IconButton } from "../ui/Button";
import { moving } from "./moving";
import "../settings/sheet.css";

/** What can be done with all that are chosen. */
export function ChoosingBar() {
  const all = [...(chosen.value?.values() ?? [])];
  const none = !all.length;
  const away = async (place: "archived" | "trash") => {
    if (await putAway(all, place)) end();
  };
  return (
    <div class="choosing" role="toolbar" aria-label={t("For what is chosen")}>
      <p>{t("{n} chosen", { n: all.length })}</p>
      <IconButton icon="checks" label={t("Choose all")} onClick={() => void chooseAll()} />
      <IconButton
        icon="archive"
        label={t("Archive")}
        disabled={none}
        onClick={() => void away("archived")}
      />
      <IconButton
        icon="folder"
        label={t("Move to folder…")}
        disabled={none}
        onClick={() => (moving.value = all)}
      />
      <IconButton
        icon="trash"
        label={t("Delete")}
        disabled={none}
        onClick={() => void away("trash")}
      />
      <IconButton icon="close" label={t("Stop choosing")} onClick={end} />
    </div>
  );
}
