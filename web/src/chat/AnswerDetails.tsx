import { useState } from "preact/hooks";
import { decimal, moment, seconds } from "../language/formats";
import { number, t } from "../language/t";
import type { Answer } from "../types";
import { Button } from "../ui/Button";
import { lazy } from "../ui/lazy";

const Blank = () => null;
const ContextPanel = lazy(() => import("./ContextPanel").then((m) => m.ContextPanel), Blank);

function facts(answer: Answer): [string, string][] {
  const { model, prompt_tokens, completion_tokens, first_token_ms, duration_ms } = answer;
  const found: [string, string | null][] = [
    [t("Persona"), answer.persona],
    [t("Model"), answer.from_cache ? t("{model}, from cache", { model }) : model],
    [t("Tokens read"), prompt_tokens === null ? null : number(prompt_tokens)],
    [t("Tokens written"), completion_tokens === null ? null : number(completion_tokens)],
    [t("Speed"), speed(answer)],
    [t("First word after"), first_token_ms === null ? null : seconds(first_token_ms)],
    [t("Took"), duration_ms === null ? null : seconds(duration_ms)],
    [t("Finished"), answer.finished_at === null ? null : moment(answer.finished_at)],
  ];
  return found.filter((fact): fact is [string, string] => !!fact[1]);
}

function speed({ completion_tokens, first_token_ms, duration_ms }: Answer): string | null {
  if (completion_tokens === null || duration_ms === null) return null;
  const writing = duration_ms - (first_token_ms ?? 0);
  return writing > 0
    ? t("{n} tokens/s", { n: decimal((completion_tokens * 1000) / writing, 1) })
    : null;
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
      <Button onClick={() => setSeen(true)}>{t("What the model saw")}</Button>
      {seen && <ContextPanel id={answer.id} onClose={() => setSeen(false)} />}
    </div>
  );
}
