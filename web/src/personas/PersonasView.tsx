import { useEffect, useRef, useState } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { Back } from "../settings/Back";
import { PageHeader } from "../shell/PageHeader";
import { defaults, deletePersona, forAll, loadPersonas, mine, ofOthers } from "../state/personas";
import { user } from "../state/session";
import type { Persona } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { Menu, type MenuItem } from "../ui/Menu";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { lazy } from "../ui/lazy";
import { DefaultChoices } from "./DefaultChoices";
import { PersonaForm } from "./PersonaForm";
import "../settings/sheet.css";

const ShareDialog = lazy(
  () => import("../sharing/ShareDialog").then((m) => m.ShareDialog),
  () => null,
);

export interface Editing {
  /** Null: a new one. */
  id: string | null;
  from: Persona | null;
}

/** A private one is also how a member begins with one that is for everybody. */
const copyOf = (one: Persona): Persona => ({
  ...one,
  name: t("{name} (copy)", { name: one.name }).slice(0, 100),
  visibility: "private",
  owner: null,
});

export function PersonasView() {
  const loading = useAction(loadPersonas);
  const [editing, setEditing] = useState<Editing | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => void loading.run(), []);
  useEffect(() => scroll.current?.scrollTo(0, 0), [editing]);
  return (
    <div class="view">
      <PageHeader title={t("Personas")} />
      <div class="view-scroll" ref={scroll}>
        <div class="settings-body">
          <Back />
          {loading.error && <Notice>{loading.error}</Notice>}
          {editing ? (
            <PersonaForm {...editing} onClose={() => setEditing(null)} />
          ) : (
            defaults.value && <Lists onEdit={setEditing} />
          )}
        </div>
      </div>
    </div>
  );
}

function Lists({ onEdit }: { onEdit: (editing: Editing) => void }) {
  const admin = user.value?.role !== "member";
  const [doomed, setDoomed] = useState<Persona | null>(null);
  const [sharing, setSharing] = useState<Persona | null>(null);
  const rows = (list: Persona[] | undefined) => (
    <ul class="rows">
      {list?.map((one) => (
        <Row
          key={one.id}
          persona={one}
          onEdit={onEdit}
          onShare={() => setSharing(one)}
          onDelete={() => setDoomed(one)}
        />
      ))}
    </ul>
  );
  return (
    <>
      <section aria-labelledby="mine">
        <p class="hint">
          {t(
            "Instructions, a model and its settings under a name. You choose one below the message you write.",
          )}
        </p>
        <Button look="primary" onClick={() => onEdit({ id: null, from: null })}>
          {t("New persona")}
        </Button>
        <h2 id="mine">{t("Mine")}</h2>
        {mine.value?.length ? rows(mine.value) : <p class="hint">{t("None yet.")}</p>}
      </section>
      {!!ofOthers.value?.length && (
        <section aria-labelledby="of-others">
          <h2 id="of-others">{t("Shared with you")}</h2>
          {rows(ofOthers.value)}
        </section>
      )}
      {(admin || !!forAll.value?.length) && (
        <section aria-labelledby="all">
          <h2 id="all">{t("For everybody")}</h2>
          {forAll.value?.length ? (
            rows(forAll.value)
          ) : (
            <p class="hint">{t("None yet. Administrators write them.")}</p>
          )}
        </section>
      )}
      <DefaultChoices admin={admin} />
      {sharing && <ShareDialog {...sharing} kind="persona" onClose={() => setSharing(null)} />}
      {doomed && (
        <DeleteDialog
          title={t("Delete this persona?")}
          onDelete={async () => {
            await deletePersona(doomed.id);
            announce(t("Persona deleted"));
            setDoomed(null);
          }}
          onClose={() => setDoomed(null)}
        >
          {rich(
            "{name} will be gone for good. Conversations with it go on without one; their answers stay.",
            { name: <strong>{doomed.name}</strong> },
          )}
        </DeleteDialog>
      )}
    </>
  );
}

interface RowProps {
  persona: Persona;
  onEdit: (editing: Editing) => void;
  onShare: () => void;
  onDelete: () => void;
}

function Row({ persona, onEdit, onShare, onDelete }: RowProps) {
  const { id, name, description, editable, owner, visibility } = persona;
  const { persona_id, workspace_id } = defaults.value!;
  const copy: MenuItem = {
    label: t("Duplicate"),
    icon: "copy",
    run: () => onEdit({ id: null, from: copyOf(persona) }),
  };
  const share: MenuItem = { label: t("Share…"), icon: "people", run: onShare };
  const remove: MenuItem = { label: t("Delete"), icon: "trash", danger: true, run: onDelete };
  return (
    <li>
      <div>
        <strong>{name}</strong>
        {id === persona_id && <span class="tag">{t("My default")}</span>}
        {id === workspace_id && <span class="tag">{t("Default for everybody")}</span>}
        {owner && <span class="tag">{t("By {name}", { name: owner })}</span>}
        {description && <p class="hint">{description}</p>}
      </div>
      <span class="dialog-buttons">
        {editable && (
          <Button
            aria-label={t("Edit {name}", { name })}
            onClick={() => onEdit({ id, from: persona })}
          >
            {t("Edit")}
          </Button>
        )}
        <Menu
          label={t("More for {title}", { title: name })}
          items={[
            copy,
            ...(editable && visibility === "private" ? [share] : []),
            ...(editable ? [remove] : []),
          ]}
        />
      </span>
    </li>
  );
}
