import { roles } from "../account/roles";
import { moment } from "../language/formats";
import { t } from "../language/t";
import { withdraw } from "../state/people";
import type { Invitation } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { focusMain } from "../ui/focusMain";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

export function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { id, name, note, role, made_by, expires_at } = invitation;
  const title = name ? t("New password for {name}", { name }) : note || t("Somebody new");
  const { run, busy, error } = useAction(async () => {
    await withdraw(id);
    announce(t("The link works no more"));
    focusMain();
  });
  return (
    <li>
      <div class="gist">
        <strong>{title}</strong>
        <span class="tag">{t(roles[role])}</span>
        <p class="hint">
          {t("By {name}, works until {when}", { name: made_by, when: moment(expires_at) })}
        </p>
        {error && <Notice>{error}</Notice>}
      </div>
      <Button busy={busy} aria-label={t("Withdraw: {title}", { title })} onClick={() => void run()}>
        {t("Withdraw")}
      </Button>
    </li>
  );
}
