import { t } from "../language/t";
import { Field } from "../ui/Field";

interface NewNameProps {
  maxLength: number;
  value: string;
  onChange: (value: string) => void;
}

/** The name of an account that is being made. */
export function NewName(rest: NewNameProps) {
  return (
    <Field label={t("Your name")} name="username" autoComplete="username" autoFocus {...rest} />
  );
}

interface NewPasswordProps {
  autoFocus?: boolean;
  value: string;
  onChange: (value: string) => void;
}

export function NewPassword(rest: NewPasswordProps) {
  return (
    <Field
      label={t("Password")}
      hint={t("At least 8 characters. A short sentence is easy to remember.")}
      type="password"
      name="password"
      autoComplete="new-password"
      minLength={8}
      maxLength={256}
      {...rest}
    />
  );
}
