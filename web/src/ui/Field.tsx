import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { t } from "../language/t";

interface Described {
  label: string;
  hint?: ComponentChildren;
}

interface Ids {
  id: string;
  "aria-describedby": string | undefined;
}

interface LabelledProps extends Described {
  wide?: boolean;
  children: (ids: Ids) => ComponentChildren;
}

function Labelled({ label, hint, wide, children }: LabelledProps) {
  const id = useId();
  const described = `${id}-hint`;
  return (
    <div class={`field ${wide ? "wide" : ""}`}>
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": hint ? described : undefined })}
      {hint && (
        <p class="hint" id={described}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface FieldProps extends Described {
  type?: "text" | "password";
  name?: string;
  /** For password managers. */
  autoComplete?: string;
  autoFocus?: boolean;
  minLength?: number;
  maxLength?: number;
  optional?: boolean;
  value: string;
  onChange: (value: string) => void;
}

export function Field({ label, hint, type = "text", optional, onChange, ...rest }: FieldProps) {
  return (
    <Labelled label={label} hint={hint}>
      {(ids) => (
        <input
          // Preact tells kinds of inputs apart by one literal each.
          type={type as "text"}
          required={!optional}
          autoComplete="off"
          onInput={(event) => onChange(event.currentTarget.value)}
          {...ids}
          {...rest}
        />
      )}
    </Labelled>
  );
}

interface TextsProps extends Described {
  value: string;
  rows: number;
  maxLength: number;
  onChange: (value: string) => void;
}

export function Texts({ label, hint, onChange, ...rest }: TextsProps) {
  return (
    <Labelled label={label} hint={hint} wide>
      {(ids) => (
        <textarea onInput={(event) => onChange(event.currentTarget.value)} {...ids} {...rest} />
      )}
    </Labelled>
  );
}

interface ChoiceProps extends Described {
  value: string;
  options: [value: string, text: string][];
  onChange: (value: string) => void;
}

export function Choice({ label, hint, value, options, onChange }: ChoiceProps) {
  return (
    <Labelled label={label} hint={hint}>
      {(ids) => (
        <select value={value} onChange={(event) => onChange(event.currentTarget.value)} {...ids}>
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface AmountProps extends Described {
  value: number | null | undefined;
  min: number;
  max: number;
  step: number;
  /** What nothing means. */
  empty?: string;
  onChange: (value: number | null) => void;
}

/** A number, or nothing. */
export function Amount({ label, hint, value, step, empty, onChange, ...rest }: AmountProps) {
  return (
    <Labelled label={label} hint={hint}>
      {(ids) => (
        <input
          type="number"
          inputMode="decimal"
          step={step === 1 ? 1 : "any"}
          placeholder={empty ?? t("as the model does")}
          value={value ?? ""}
          onInput={(event) => {
            const typed = event.currentTarget;
            // Half a number is none yet; the browser says so when the form is sent.
            if (!typed.validity.badInput) onChange(typed.value === "" ? null : Number(typed.value));
          }}
          {...ids}
          {...rest}
        />
      )}
    </Labelled>
  );
}
