import { useState } from "preact/hooks";
import { t } from "../language/t";
import { signIn } from "../state/account";
import { user } from "../state/session";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

export function SignInForm() {
  const [name, setName] = useState(user.peek()?.name ?? "");
  const [password, setPassword] = useState("");
  const { run, busy, error } = useAction(signIn);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(name.trim(), password);
      }}
    >
      <Field
        label={t("Name")}
        name="username"
        autoComplete="username"
        autoFocus={!name}
        value={name}
        onChange={setName}
      />
      <Field
        label={t("Password")}
        type="password"
        name="password"
        autoComplete="current-password"
        autoFocus={!!name}
        value={password}
        onChange={setPassword}
      />
      {error && <Notice>{error}</Notice>}
      <Button type="submit" look="primary" busy={busy}>
        {busy ? t("Signing in…") : t("Sign in")}
      </Button>
    </form>
  );
}
