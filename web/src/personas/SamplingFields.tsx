import { useState } from "preact/hooks";
import type { Sampling } from "../types";
import { Amount, Texts } from "../ui/Field";
import { lines } from "./PersonaForm";

type Numbers = Exclude<keyof Sampling, "stop">;

const amounts: [Numbers, string, string, min: number, max: number, step: number][] = [
  ["temperature", "Temperature", "0 is sober, 2 is wild.", 0, 2, 0.1],
  ["top_p", "Top p", "Words within this share of likelihood.", 0, 1, 0.05],
  ["top_k", "Top k", "Only so many of the likeliest words.", 0, 1000, 1],
  ["min_p", "Min p", "No word less likely than this share.", 0, 1, 0.05],
  ["presence_penalty", "Presence penalty", "Above 0: new subjects.", -2, 2, 0.1],
  ["frequency_penalty", "Frequency penalty", "Above 0: fewer repeated words.", -2, 2, 0.1],
  ["repeat_penalty", "Repeat penalty", "Above 1: less repetition.", 0, 2, 0.1],
  ["seed", "Seed", "The same again for the same question.", 0, 4294967295, 1],
  ["max_tokens", "Longest answer", "In tokens.", 1, 1_000_000, 1],
];

interface SamplingProps {
  value: Sampling;
  onChange: (value: Sampling) => void;
}

export function SamplingFields({ value, onChange }: SamplingProps) {
  const [stop, setStop] = useState(value.stop?.join("\n") ?? "");
  return (
    <details>
      <summary>How the model picks its words</summary>
      <section>
        {amounts.map(([name, label, hint, min, max, step]) => (
          <Amount
            key={name}
            {...{ label, hint, min, max, step }}
            value={value[name]}
            onChange={(amount) => onChange({ ...value, [name]: amount })}
          />
        ))}
        <Texts
          label="Stop at"
          hint="The answer ends before any of these, one in each line, up to 4."
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
