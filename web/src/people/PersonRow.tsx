import { useState } from "preact/hooks";
import { roles } from "../account/roles";
import { moment } from "../language/formats";
import { plural, t } from "../language/t";
import { changePerson, linkForPassword, signOutPerson } from "../state/people";
import { user } from "../state/session";
import type { Person } from "../types";
import { announce } from "../ui/announce";
import { DeleteDialog } from "../ui/DeleteDialog";
import { Menu, type MenuItem } from "../ui/Menu";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { RoleDialog } from "./RoleDialog";

export function PersonRow({ person }: { person: Person }) {
  const [asking, setAsking] = useState<"role" | "lock" | null>(null);
  const action = useAction(async (work: () => Promise<void>, said: string) => {
    await work();
    announce(said);
  });
  const run = (work: () => Promise<void>, said: string) => void action.run(work, said);
  const { id, name } = person;
  const me = user.value!;
  const own = id === me.id;
  const owner = me.role === "owner";
  const mine = !own && (owner || person.role === "member");

  const items: MenuItem[] = [
    {
      label: t("Link for a new password"),
      icon: "edit",
      run: () => run(() => linkForPassword(person), t("The link is made")),
    },
    {
      label: t("Sign out everywhere"),
      icon: "left",
      run: () => run(() => signOutPerson(id), t("{name} is signed out everywhere", { name })),
    },
  ];
  if (owner) items.push({ label: t("Change role"), icon: "gear", run: () => setAsking("role") });
  items.push(
    person.disabled
      ? {
          label: t("Let in again"),
          icon: "check",
          run: () =>
            run(
              () => changePerson(id, { disabled: false }),
              t("{name} can sign in again", { name }),
            ),
        }
      : { label: t("Lock out"), icon: "stop", danger: true, run: () => setAsking("lock") },
  );

  return (
    <li>
      <div class="gist">
        <strong>{name}</strong>
        <span class="tag">{t(roles[person.role])}</span>
        {own && <span class="tag">{t("You")}</span>}
        {person.disabled && <span class="tag warn">{t("Locked out")}</span>}
        <p class="hint">{seen(person)}</p>
        {action.error && <Notice>{action.error}</Notice>}
      </div>
      {mine && <Menu label={t("More for {name}", { name })} items={items} />}
      {asking === "role" && <RoleDialog person={person} onClose={() => setAsking(null)} />}
      {asking === "lock" && (
        <DeleteDialog
          title={t("Lock {name} out?", { name })}
          action={t("Lock out")}
          onDelete={async () => {
            await changePerson(id, { disabled: true });
            setAsking(null);
            announce(t("{name} is locked out", { name }));
          }}
          onClose={() => setAsking(null)}
        >
          {t(
            "They are signed out at once and everywhere, and answers on their way end. Nothing of theirs is deleted, and you can let them in again.",
          )}
        </DeleteDialog>
      )}
    </li>
  );
}

function seen({ signed_in_at, sessions }: Person): string {
  if (signed_in_at === null) return t("Has not signed in yet");
  const last = t("Last signed in {when}", { when: moment(signed_in_at) });
  if (!sessions) return last;
  return `${last} · ${plural(sessions, "on {n} device now", "on {n} devices now")}`;
}
