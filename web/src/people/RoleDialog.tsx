import { useState } from "preact/hooks";
import { t } from "../language/t";
import { changePerson } from "../state/people";
import type { Person, Role } from "../types";
import { announce } from "../ui/announce";
import { Dialog } from "../ui/Dialog";
import { FormEnd } from "../ui/FormEnd";
import { useAction } from "../ui/useAction";
import { RoleChoice } from "./RoleChoice";

export function RoleDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [role, setRole] = useState<Role>(person.role);
  const { name } = person;
  const { run, busy, error } = useAction(async () => {
    await changePerson(person.id, { role });
    announce(t("The role of {name} is changed", { name }));
    onClose();
  });
  return (
    <Dialog title={t("Role of {name}", { name })} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <RoleChoice value={role} onChange={setRole} />
        <p class="hint">
          {t("They are signed out everywhere, and sign in again with the new role.")}
        </p>
        <FormEnd action={t("Change role")} busy={busy} error={error} onClose={onClose} />
      </form>
    </Dialog>
  );
}
