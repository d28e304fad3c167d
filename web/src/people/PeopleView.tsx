import { useEffect, useState } from "preact/hooks";
import { t } from "../language/t";
import { ConsolePages } from "../console/ConsolePages";
import { Back } from "../settings/Back";
import { PageHeader } from "../shell/PageHeader";
import { invitations, loadPeople, made, people } from "../state/people";
import { user } from "../state/session";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { Groups } from "./Groups";
import { InvitationRow } from "./InvitationRow";
import { InviteDialog, LinkDialog } from "./InviteDialog";
import { PersonRow } from "./PersonRow";
import "../settings/sheet.css";

export function PeopleView() {
  const allowed = user.value?.role !== "member";
  return (
    <div class="view">
      <PageHeader title={t("People")} />
      <div class="view-scroll">
        <div class="settings-body">
          <Back />
          <ConsolePages />
          {allowed ? <Team /> : <p>{t("Only owners and administrators see this.")}</p>}
        </div>
      </div>
    </div>
  );
}

function Team() {
  const loading = useAction(loadPeople);
  const [inviting, setInviting] = useState(false);
  useEffect(() => {
    void loading.run();
    return () => (made.value = null);
  }, []);
  return (
    <>
      <section aria-labelledby="accounts">
        <h2 id="accounts">{t("Accounts")}</h2>
        <p class="hint">
          {t(
            "Everybody has conversations, documents and memory of their own. You see accounts here, never what is in them.",
          )}
        </p>
        {loading.error && (
          <>
            <Notice>{loading.error}</Notice>
            <Button onClick={() => void loading.run()}>{t("Try again")}</Button>
          </>
        )}
        <ul class="rows">
          {people.value?.map((person) => (
            <PersonRow key={person.id} person={person} />
          ))}
        </ul>
        <Button look="primary" onClick={() => setInviting(true)}>
          {t("Invite somebody")}
        </Button>
      </section>
      {invitations.value.length > 0 && (
        <section aria-labelledby="invitations">
          <h2 id="invitations">{t("Open invitations")}</h2>
          <ul class="rows">
            {invitations.value.map((one) => (
              <InvitationRow key={one.id} invitation={one} />
            ))}
          </ul>
        </section>
      )}
      <Groups />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {made.value && <LinkDialog onClose={() => (made.value = null)} />}
    </>
  );
}
