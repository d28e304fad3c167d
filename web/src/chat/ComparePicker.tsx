import { t } from "../language/t";
import { compareWith } from "../state/beside";
import { model, models } from "../state/models";
import { narrow } from "../ui/media";
import { PanelPicker } from "./PanelPicker";

/** Which other model answers the next question, too. Not there while there is only one. */
export function ComparePicker() {
  const others = models.value?.filter((one) => one.id !== model.value?.id) ?? [];
  if (!others.length) return null;
  const chosen = others.find((one) => one.id === compareWith.value);
  return (
    <PanelPicker
      icon="columns"
      title={t("Compare two models")}
      of={t("Also answered by:")}
      name={chosen?.name ?? t("Compare")}
      look={chosen ? "" : "none"}
      brief={narrow.value || !chosen}
    >
      <p class="hint">{t("The next question is answered by both, side by side.")}</p>
      {[{ id: null, name: t("Nobody else") }, ...others].map((one) => (
        <label key={one.id ?? ""}>
          <input
            type="radio"
            name="compare"
            checked={(chosen?.id ?? null) === one.id}
            onChange={() => (compareWith.value = one.id)}
          />
          <span>{one.name}</span>
        </label>
      ))}
    </PanelPicker>
  );
}
