import { t } from "../language/t";
import { chooseModel, loadModels, model, models, modelsFailed } from "../state/models";
import { Icon } from "../ui/Icon";

export function ModelPicker() {
  const list = models.value;
  if (!list && !modelsFailed.value) return <span class="hint">{t("Reading models…")}</span>;
  if (!list?.length) {
    return (
      <button type="button" class="quiet no-model" onClick={() => void loadModels()}>
        {list
          ? t("No model is available yet. Look again")
          : t("Models could not be read. Try again")}
      </button>
    );
  }
  return (
    <div class="model-picker">
      <label>
        <span class="visually-hidden">{t("Model")}</span>
        <select
          value={model.value?.id}
          onChange={(event) => chooseModel(event.currentTarget.value)}
        >
          {list.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
        <Icon name="chevron" />
      </label>
      {model.value?.note && <span class="hint">{model.value.note}</span>}
    </div>
  );
}
