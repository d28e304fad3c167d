import { useEffect, useState } from "preact/hooks";
import { t } from "../language/t";
import { accountApi } from "../accountApi";
import { accept } from "../state/account";
import { invitation, user } from "../state/session";
import type { Opened } from "../types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { AccountPage } from "./AccountPage";
import { NewName, NewPassword } from "./NewAccount";

/** Where a link leads that somebody was given: to an account of one's own, or to a new password. */
export function InvitedView() {
  const [opened, setOpened] = useState<Opened | null>(null);
  const opening = useAction(async () =>
    setOpened(await accountApi.openInvitation(invitation.peek()!)),
  );
  useEffect(() => void opening.run(), []);
  if (opened) return <Form opened={opened} />;
  return (
    <AccountPage title={opening.error ? t("This link does not work") : t("Welcome")}>
      {opening.error && <Notice>{opening.error}</Notice>}
      {opening.error && <Leave />}
    </AccountPage>
  );
}

function Form({ opened }: { opened: Opened }) {
  const [name, setName] = useState(opened.name ?? "");
  const [password, setPassword] = useState("");
  const { run, busy, error } = useAction(accept);
  const action = opened.name ? t("Set password and sign in") : t("Create account");
  return (
    <AccountPage title={opened.name ? t("Choose a new password") : t("You are invited")}>
      <p class="lead">
        {opened.name
          ? t("For the account {name}. You will be signed out everywhere else.", {
              name: opened.name,
            })
          : t(
              "Gantry Edge is a private assistant on a machine of your team. Choose how you sign in.",
            )}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(opened.name ? "" : name.trim(), password);
        }}
      >
        {opened.name ? (
          // A password manager keeps the new password with this name.
          <input type="hidden" name="username" autoComplete="username" value={opened.name} />
        ) : (
          <NewName maxLength={64} value={name} onChange={setName} />
        )}
        <NewPassword autoFocus={!!opened.name} value={password} onChange={setPassword} />
        {error && <Notice>{error}</Notice>}
        <Button type="submit" look="primary" busy={busy}>
          {action}
        </Button>
      </form>
      {user.value && <Leave />}
    </AccountPage>
  );
}

function Leave() {
  const words = user.value
    ? t("Stay signed in as {name}", { name: user.value.name })
    : t("Go to the sign-in page");
  return <Button onClick={() => (invitation.value = null)}>{words}</Button>;
}
