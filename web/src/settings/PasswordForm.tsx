import { useState } from "preact/hooks";
import { msg, t } from "../language/t";
import { changePassword, loadSessions } from "../state/account";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { tried } from "../ui/tried";
import { useAction } from "../ui/useAction";

const DONE = msg("Password changed. All other sessions have ended.");

export function PasswordForm() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const { run, busy, error } = useAction(changePassword);

  const submit = async (event: Event) => {
    event.preventDefault();
    setDone(false);
    if (!(await run(current, password))) return;
    setCurrent("");
    setPassword("");
    setDone(true);
    announce(t(DONE));
    void tried(loadSessions);
  };

  return (
    <section aria-labelledby="password">
      <h2 id="password">{t("Password")}</h2>
      <form onSubmit={(event) => void submit(event)}>
        <input type="text" name="username" autoComplete="username" hidden />
        <Field
          label={t("Current password")}
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={setCurrent}
        />
        <Field
          label={t("New password")}
          hint={t("At least 8 characters.")}
          type="password"
          autoComplete="new-password"
          minLength={8}
          maxLength={256}
          value={password}
          onChange={setPassword}
        />
        {error && <Notice>{error}</Notice>}
        {done && <p class="hint">{t(DONE)}</p>}
        <Button type="submit" busy={busy}>
          {t("Change password")}
        </Button>
      </form>
    </section>
  );
}
