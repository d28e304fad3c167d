import { useEffect, useState } from "preact/hooks";
import { rich } from "../language/rich";
import { plural, t } from "../language/t";
import { sharingApi } from "../sharingApi";
import { people } from "../state/people";
import type { Group } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { FormEnd } from "../ui/FormEnd";
import { Menu } from "../ui/Menu";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

interface Asking {
  what: "name" | "members" | "delete";
  /** Null: a new one. */
  group: Group | null;
}

/** People that things are shared with together. */
export function Groups() {
  const [groups, setGroups] = useState<Group[]>([]);
  const [asking, setAsking] = useState<Asking | null>(null);
  const load = useAction(async () => setGroups(await sharingApi.groups()));
  useEffect(() => void load.run(), []);
  const done = () => {
    setAsking(null);
    void load.run();
  };
  const { what, group } = asking ?? {};
  return (
    <section aria-labelledby="groups">
      <h2 id="groups">{t("Groups")}</h2>
      <p class="hint">
        {t(
          "What is shared with a group is read by all who are in it, also by who comes later. Changes are in the trail.",
        )}
      </p>
      {load.error && <Notice>{load.error}</Notice>}
      <ul class="rows">
        {groups.map((one) => (
          <li key={one.id}>
            <div class="gist">
              <strong dir="auto">{one.name}</strong>
              <p class="hint">{plural(one.members, "{n} member", "{n} members")}</p>
            </div>
            <span class="dialog-buttons">
              <Button
                aria-label={t("Members of {name}", { name: one.name })}
                onClick={() => setAsking({ what: "members", group: one })}
              >
                {t("Members")}
              </Button>
              <Menu
                label={t("More for {name}", { name: one.name })}
                items={[
                  {
                    label: t("Rename"),
                    icon: "edit",
                    run: () => setAsking({ what: "name", group: one }),
                  },
                  {
                    label: t("Delete"),
                    icon: "trash",
                    danger: true,
                    run: () => setAsking({ what: "delete", group: one }),
                  },
                ]}
              />
            </span>
          </li>
        ))}
      </ul>
      <Button onClick={() => setAsking({ what: "name", group: null })}>{t("New group")}</Button>
      {what === "name" && (
        <NameDialog group={group!} onDone={done} onClose={() => setAsking(null)} />
      )}
      {what === "members" && <Members group={group!} onClose={done} />}
      {what === "delete" && (
        <DeleteDialog
          title={t("Delete this group?")}
          onDelete={async () => {
            await sharingApi.deleteGroup(group!.id);
            announce(t("Group deleted"));
            done();
          }}
          onClose={() => setAsking(null)}
        >
          {rich("What is shared with {name} is no longer read by who is in it.", {
            name: <strong>{group!.name}</strong>,
          })}
        </DeleteDialog>
      )}
    </section>
  );
}

interface NameProps {
  group: Group | null;
  onDone: () => void;
  onClose: () => void;
}

function NameDialog({ group, onDone, onClose }: NameProps) {
  const [name, setName] = useState(group?.name ?? "");
  const { run, busy, error } = useAction(async () => {
    await (group ? sharingApi.renameGroup(group.id, name) : sharingApi.addGroup(name));
    announce(t("Group saved"));
    onDone();
  });
  return (
    <Dialog title={group ? t("Rename the group") : t("New group")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Field label={t("Name")} autoFocus maxLength={100} value={name} onChange={setName} />
        <FormEnd action={t("Save")} busy={busy} error={error} onClose={onClose} />
      </form>
    </Dialog>
  );
}

/** Who is in it; each choice counts at once. */
function Members({ group, onClose }: { group: Group; onClose: () => void }) {
  const [members, setMembers] = useState<string[] | null>(null);
  const load = useAction(async () => {
    setMembers((await sharingApi.members(group.id)).map((one) => one.id));
  });
  const [refused, setRefused] = useState<string | null>(null);
  const change = async (person: string, into: boolean) => {
    setRefused(null);
    setMembers((all) => (into ? [...all!, person] : all!.filter((id) => id !== person)));
    try {
      await (into ? sharingApi.addMember : sharingApi.removeMember)(group.id, person);
    } catch (failure) {
      setRefused(failure instanceof Error ? failure.message : String(failure));
      await load.run();
    }
  };
  useEffect(() => void load.run(), []);
  const error = load.error ?? refused;
  return (
    <Dialog title={t("Members of {name}", { name: group.name })} onClose={onClose}>
      <div class="stack">
        {error && <Notice>{error}</Notice>}
        <fieldset class="choices">
          <legend class="visually-hidden">{t("Members")}</legend>
          {members &&
            people.value?.map(({ id, name }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={members.includes(id)}
                  onChange={(event) => void change(id, event.currentTarget.checked)}
                />
                {name}
              </label>
            ))}
        </fieldset>
        <div class="dialog-buttons">
          <Button look="primary" onClick={onClose}>
            {t("Done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
