import { useEffect } from "preact/hooks";
import { t } from "../language/t";
import { openId } from "../state/chat";
import { preferred } from "../state/models";
import {
  choosePersona,
  forAll,
  loadPersonas,
  mine,
  ofOthers,
  persona,
  personas,
} from "../state/personas";
import type { Persona } from "../types";
import { Icon } from "../ui/Icon";
import { tried } from "../ui/tried";
import { starters } from "./suggestion";

const options = (list: Persona[] | undefined) =>
  list?.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));

/** Who answers. Not there at all while there is nobody to choose. */
export function PersonaPicker() {
  const now = persona.value;
  useEffect(() => void tried(loadPersonas), []);
  useEffect(() => {
    preferred.value = now?.model ?? null;
    starters.value = now?.starters ?? [];
  }, [now, openId.value]);
  if (!personas.value?.length) return null;
  return (
    <div class="model-picker">
      <label>
        <span class="visually-hidden">{t("Persona")}</span>
        <select
          title={now?.description || undefined}
          value={now?.id ?? ""}
          onChange={(event) => void choosePersona(event.currentTarget.value || null)}
        >
          <option value="">{t("No persona")}</option>
          {!!mine.value?.length && <optgroup label={t("Mine")}>{options(mine.value)}</optgroup>}
          {!!ofOthers.value?.length && (
            <optgroup label={t("Shared with you")}>{options(ofOthers.value)}</optgroup>
          )}
          {!!forAll.value?.length && (
            <optgroup label={t("For everybody")}>{options(forAll.value)}</optgroup>
          )}
        </select>
        <Icon name="chevron" />
      </label>
    </div>
  );
}
