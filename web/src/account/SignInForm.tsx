import { useState } from "preact/hooks";
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
        label="Name"
        name="username"
        autoComplete="username"
        autoFocus={!name}
        value={name}
        onChange={setName}
      />
      <Field
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        autoFocus={!!name}
        value={password}
        onChange={setPassword}
      />
      {error && <Notice>{error}</Notice>}
      <Button type="submit" look="primary" busy={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
