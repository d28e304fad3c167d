import { useId } from "preact/hooks";

interface FieldProps {
  label: string;
  hint?: string;
  type?: "text" | "password";
  name?: string;
  /** For password managers. */
  autoComplete: string;
  autoFocus?: boolean;
  minLength?: number;
  maxLength?: number;
  value: string;
  onChange: (value: string) => void;
}

export function Field({ label, hint, type = "text", onChange, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        // Preact tells kinds of inputs apart by one literal each.
        type={type as "text"}
        required
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onChange(event.currentTarget.value)}
        {...rest}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
