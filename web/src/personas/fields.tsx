import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Labelled {
  label: string;
  hint?: ComponentChildren;
}

interface TextsProps extends Labelled {
  value: string;
  rows: number;
  maxLength: number;
  onChange: (value: string) => void;
}

export function Texts({ label, hint, onChange, ...rest }: TextsProps) {
  const id = useId();
  return (
    <div class="field wide">
      <label for={id}>{label}</label>
      <textarea
        id={id}
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

interface ChoiceProps extends Labelled {
  value: string;
  options: [value: string, text: string][];
  onChange: (value: string) => void;
}

export function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface AmountProps extends Labelled {
  value: number | null | undefined;
  min: number;
  max: number;
  step: number;
  onChange: (value: number | null) => void;
}

/** A number, or nothing. */
export function Amount({ label, hint, value, step, onChange, ...rest }: AmountProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        step={step === 1 ? 1 : "any"}
        placeholder="as the model does"
        value={value ?? ""}
        aria-describedby={`${id}-hint`}
        onInput={(event) => {
          const typed = event.currentTarget;
          // Half a number is none yet; the browser says so when the form is sent.
          if (!typed.validity.badInput) onChange(typed.value === "" ? null : Number(typed.value));
        }}
        {...rest}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
