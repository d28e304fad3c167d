import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import type { NetworkChange } from "../networkApi";
import { changeNetwork } from "../state/network";
import { user } from "../state/session";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

interface ChangeFormProps {
  /** Of the button that does it. */
  label: string;
  change: NetworkChange;
  /** Read aloud when it is done. */
  done: string;
  /** What it will mean. */
  children: ComponentChildren;
  onClose: () => void;
}

/** Who changes what others can reach shows once more that it is the owner. */
export function ChangeForm({ label, change, done, children, onClose }: ChangeFormProps) {
  const [password, setPassword] = useState("");
  const { run, busy, error } = useAction(changeNetwork);
  const form = useRef<HTMLFormElement>(null);
  const meaning = useId();
  const focusPassword = () =>
    form.current?.querySelector<HTMLInputElement>("[type=password]")?.select();
  useEffect(focusPassword, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    // The button was out of use meanwhile, and has lost the keyboard.
    if (!(await run(change, password))) return focusPassword();
    announce(done);
    onClose();
  };
  return (
    <form
      ref={form}
      class="change"
      aria-describedby={meaning}
      aria-label={label}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <div id={meaning}>{children}</div>
      <input type="text" name="username" autoComplete="username" value={user.value?.name} hidden />
      <Field
        label={t("Your password")}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      {error && <Notice>{error}</Notice>}
      <div class="buttons">
        <Button type="submit" look="primary" busy={busy}>
          {label}
        </Button>
        <Button onClick={onClose}>{t("Cancel")}</Button>
      </div>
    </form>
  );
}
