import { t } from "../language/t";
import { chooseDefault, chooseForWorkspace, defaults, forAll, personas } from "../state/personas";
import type { Persona } from "../types";
import { Choice } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

const WORKSPACE = "workspace";

const named = (list: Persona[] | null | undefined): [string, string][] =>
  (list ?? []).map(({ id, name }) => [id, name]);

/** What new conversations begin with. */
export function DefaultChoices({ admin }: { admin: boolean }) {
  const own = useAction(chooseDefault);
  const house = useAction(chooseForWorkspace);
  const { chosen, persona_id, workspace_id } = defaults.value!;
  const workspace = personas.value?.find((one) => one.id === workspace_id)?.name ?? t("none");
  const error = own.error ?? house.error;
  return (
    <section aria-labelledby="defaults">
      <h2 id="defaults">{t("New conversations")}</h2>
      <Choice
        label={t("Begin with")}
        value={chosen ? (persona_id ?? "") : WORKSPACE}
        options={[
          [WORKSPACE, t("Like everybody ({persona})", { persona: workspace })],
          ["", t("No persona")],
          ...named(personas.value),
        ]}
        onChange={(value) => void own.run(value === WORKSPACE ? undefined : value || null)}
      />
      {admin && (
        <Choice
          label={t("Everybody who has not chosen begins with")}
          value={workspace_id ?? ""}
          options={[["", t("No persona")], ...named(forAll.value)]}
          onChange={(value) => void house.run(value || null)}
        />
      )}
      {error && <Notice>{error}</Notice>}
    </section>
  );
}
