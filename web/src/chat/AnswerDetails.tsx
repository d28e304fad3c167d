import { useState } from "preact/hooks";
import type { Answer } from "../types";
import { Button } from "../ui/Button";
import { lazy } from "../ui/lazy";

const Blank = () => null;
const ContextPanel = lazy(() => import("./ContextPanel").then((m) => m.ContextPanel), Blank);

const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

function facts(answer: Answer): [string, string][] {
  const { model, prompt_tokens, completion_tokens, first_token_ms, duration_ms } = answer;
  const found: [string, string | null][] = [
    ["Persona", answer.persona],
    ["Model", answer.from_cache ? `${model}, from cache` : model],
    ["Tokens read", prompt_tokens?.toLocaleString() ?? null],
    ["Tokens written", completion_tokens?.toLocaleString() ?? null],
    ["Speed", speed(answer)],
    ["First word after", first_token_ms === null ? null : seconds(first_token_ms)],
    ["Took", duration_ms === null ? null : seconds(duration_ms)],
    ["Finished", answer.finished_at === null ? null : time.format(answer.finished_at)],
  ];
  return found.filter((fact): fact is [string, string] => !!fact[1]);
}

function speed({ completion_tokens, first_token_ms, duration_ms }: Answer): string | null {
  if (completion_tokens === null || duration_ms === null) return null;
  const writing = duration_ms - (first_token_ms ?? 0);
  return writing > 0 ? `${((completion_tokens * 1000) / writing).toFixed(1)} tokens/s` : null;
}

export function AnswerDetails({ answer }: { answer: Answer }) {
  const [seen, setSeen] = useState(false);
  return (
    <div class="details">
      <dl class="facts">
        {facts(answer).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Button onClick={() => setSeen(true)}>What the model saw</Button>
      {seen && <ContextPanel id={answer.id} onClose={() => setSeen(false)} />}
    </div>
  );
}
