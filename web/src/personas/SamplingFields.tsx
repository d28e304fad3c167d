import { useState } from "preact/hooks";
import { msg, t } from "../language/t";
import type { Sampling } from "../types";
import { Amount, Texts } from "../ui/Field";
import { lines } from "./PersonaForm";

type Numbers = Exclude<keyof Sampling, "stop">;

const amounts: [Numbers, string, string, min: number, max: number, step: number][] = [
  ["temperature", msg("Temperature"), msg("0 is sober, 2 is wild."), 0, 2, 0.1],
  ["top_p", msg("Top p"), msg("Words within this share of likelihood."), 0, 1, 0.05],
  ["top_k", msg("Top k"), msg("Only so many of the likeliest words."), 0, 1000, 1],
  ["min_p", msg("Min p"), msg("No word less likely than this share."), 0, 1, 0.05],
  ["presence_penalty", msg("Presence penalty"), msg("Above 0: new subjects."), -2, 2, 0.1],
  [
    "frequency_penalty",
    msg("Frequency penalty"),
    msg("Above 0: fewer repeated words."),
    -2,
    2,
    0.1,
  ],
  ["repeat_penalty", msg("Repeat penalty"), msg("Above 1: less repetition."), 0, 2, 0.1],
  ["seed", msg("Seed"), msg("The same again for the same question."), 0, 4294967295, 1],
  ["max_tokens", msg("Longest answer"), msg("In tokens."), 1, 1_000_000, 1],
];

interface SamplingProps {
  value: Sampling;
  onChange: (value: Sampling) => void;
}

export function SamplingFields({ value, onChange }: SamplingProps) {
  const [stop, setStop] = useState(value.stop?.join("\n") ?? "");
  return (
    <details>
      <summary>{t("How the model picks its words")}</summary>
      <section>
        {amounts.map(([name, label, hint, min, max, step]) => (
          <Amount
            key={name}
            {...{ min, max, step }}
            label={t(label)}
            hint={t(hint)}
            value={value[name]}
            onChange={(amount) => onChange({ ...value, [name]: amount })}
          />
        ))}
        <Texts
          label={t("Stop at")}
          hint={t("The answer ends before any of these, one in each line, up to 4.")}
          rows={2}
          maxLength={403}
          value={stop}
          onChange={(text) => {
            setStop(text);
            const found = lines(text);
            onChange({ ...value, stop: found.length ? found : null });
          }}
        />
      </section>
    </details>
  );
}
