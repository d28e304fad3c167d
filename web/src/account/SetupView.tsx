import { useState } from "preact/hooks";
import { t } from "../language/t";
import { setUp } from "../state/account";
import { setupToken } from "../state/session";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { AccountPage } from "./AccountPage";
import { NewName, NewPassword } from "./NewAccount";

export function SetupView() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const { run, busy, error } = useAction(setUp);
  if (!setupToken.value) return <LinkNeeded />;
  return (
    <AccountPage title={t("Welcome")}>
      <p class="lead">
        {t(
          "Create the first account. It owns this appliance; what you write here stays on this machine.",
        )}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(name.trim(), password);
        }}
      >
        <NewName maxLength={100} value={name} onChange={setName} />
        <NewPassword value={password} onChange={setPassword} />
        {error && <Notice>{error}</Notice>}
        <Button type="submit" look="primary" busy={busy}>
          {busy ? t("Creating…") : t("Create account")}
        </Button>
      </form>
    </AccountPage>
  );
}

function LinkNeeded() {
  return (
    <AccountPage title={t("Almost ready")}>
      <p class="lead">{t("This appliance has no owner yet.")}</p>
      <p>
        {t(
          "To create the first account, open the setup link that the program printed when it started, on the machine where it runs. It looks like this:",
        )}
      </p>
      <p>
        <code>{location.origin}/#setup=…</code>
      </p>
    </AccountPage>
  );
}
