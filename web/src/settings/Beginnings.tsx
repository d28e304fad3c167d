import { useEffect, useState } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { ownApi } from "../ownApi";
import { chooseDefault, defaults, loadPersonas, personas } from "../state/personas";
import { forgetChosen, loadModels, models } from "../state/models";
import { Choice } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

const WORKSPACE = "workspace";

/** What new conversations begin with. */
export function Beginnings() {
  const loading = useAction(loadPersonas);
  useEffect(() => void loading.run(), []);
  return (
    <section aria-labelledby="beginnings">
      <h2 id="beginnings">{t("New conversations")}</h2>
      <DefaultModel />
      {defaults.value && <DefaultPersona />}
      {loading.error && <Notice>{loading.error}</Notice>}
      <p>
        {rich(
          "<a>Write and choose personas</a>: instructions, a model and its settings under a name, for the conversations you want them in.",
          { a: (text) => <a href="/settings/personas">{text}</a> },
        )}
      </p>
      <p>
        {rich("<a>Write and change prompts</a>: texts you need often, behind / in a message.", {
          a: (text) => <a href="/settings/prompts">{text}</a>,
        })}
      </p>
    </section>
  );
}

function DefaultModel() {
  const [chosen, setChosen] = useState<string | null | undefined>();
  const load = useAction(async () => setChosen((await ownApi.preferred()).model));
  const choose = useAction(async (id: string | null) => {
    setChosen((await ownApi.prefer(id)).model);
    forgetChosen();
    await loadModels();
  });
  useEffect(() => void load.run(), []);
  const error = load.error ?? choose.error;
  const gone = chosen && models.value && !models.value.some((one) => one.id === chosen);
  return (
    <>
      {chosen !== undefined && models.value && (
        <Choice
          label={t("Model")}
          hint={
            gone
              ? t("This model is not here now; until it is back, the first there is answers.")
              : t("A persona with a model of its own goes before.")
          }
          value={chosen ?? ""}
          options={[
            ["", t("The first there is")],
            ...models.value.map((one): [string, string] => [one.id, one.name]),
            ...(gone
              ? [[chosen, t("{model} (not here now)", { model: chosen })] as [string, string]]
              : []),
          ]}
          onChange={(id) => void choose.run(id || null)}
        />
      )}
      {error && <Notice>{error}</Notice>}
    </>
  );
}

function DefaultPersona() {
  const choose = useAction(chooseDefault);
  const { chosen, persona_id, workspace_id } = defaults.value!;
  const workspace = personas.value?.find((one) => one.id === workspace_id)?.name;
  return (
    <>
      <Choice
        label={t("Persona")}
        value={chosen ? (persona_id ?? "") : WORKSPACE}
        options={[
          [WORKSPACE, t("Like everybody ({persona})", { persona: workspace ?? t("none") })],
          ["", t("No persona")],
          ...(personas.value ?? []).map(({ id, name }): [string, string] => [id, name]),
        ]}
        onChange={(value) => void choose.run(value === WORKSPACE ? undefined : value || null)}
      />
      {choose.error && <Notice>{choose.error}</Notice>}
    </>
  );
}
