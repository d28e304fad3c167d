import { useState } from "preact/hooks";
import { roles } from "../account/roles";
import { date } from "../language/formats";
import { t } from "../language/t";
import { ownApi } from "../ownApi";
import { signOut } from "../state/account";
import { user } from "../state/session";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

export function Profile() {
  const leaving = useAction(signOut);
  const person = user.value!;
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">{t("Profile")}</h2>
      <dl class="facts">
        <dt>{t("Role")}</dt>
        <dd>{t(roles[person.role])}</dd>
        <dt>{t("Since")}</dt>
        <dd>{date(person.created_at, "long")}</dd>
      </dl>
      <Names />
      <Button busy={leaving.busy} onClick={() => void leaving.run()}>
        {t("Sign out")}
      </Button>
    </section>
  );
}

/** The password is asked for where it is needed: to sign in by another name. */
function Names() {
  const person = user.value!;
  const [called, setCalled] = useState(person.display_name);
  const [name, setName] = useState(person.name);
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const renamed = name.trim() !== person.name;
  const changed = renamed || called.trim() !== person.display_name;
  const save = useAction(async () => {
    const change = { display_name: called, ...(renamed && { name, password }) };
    const saved = await ownApi.changeProfile(change);
    user.value = saved;
    setCalled(saved.display_name);
    setName(saved.name);
    setPassword("");
    setDone(true);
    announce(t("Saved"));
  });
  const typed = (set: (value: string) => void) => (value: string) => {
    set(value);
    setDone(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save.run();
      }}
    >
      <Field
        label={t("Display name")}
        hint={t("How you are greeted, and called in personas. Empty: your user name.")}
        optional
        autoComplete="nickname"
        maxLength={64}
        value={called}
        onChange={typed(setCalled)}
      />
      <Field
        label={t("User name or e-mail")}
        hint={t("What you sign in with. Nobody else here may have it.")}
        autoComplete="username"
        maxLength={64}
        value={name}
        onChange={typed(setName)}
      />
      {renamed && (
        <Field
          label={t("Your password, to change the user name")}
          type="password"
          autoComplete="current-password"
          maxLength={256}
          value={password}
          onChange={typed(setPassword)}
        />
      )}
      {save.error && <Notice>{save.error}</Notice>}
      {done && <p class="hint">{t("Saved")}</p>}
      <Button type="submit" busy={save.busy} disabled={save.busy || !changed}>
        {t("Save")}
      </Button>
    </form>
  );
}
