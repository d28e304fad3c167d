import type { Signal } from "@preact/signals";
import { t } from "../language/t";

interface ChoicesProps<T extends string> {
  name: string;
  of: Signal<T>;
  choices: [T, string][];
}

export function Choices<T extends string>({ name, of, choices }: ChoicesProps<T>) {
  return (
    <fieldset class="choices">
      <legend>{name}</legend>
      {choices.map(([value, label]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={of.value === value}
            onChange={() => (of.value = value)}
          />
          {t(label)}
        </label>
      ))}
    </fieldset>
  );
}
