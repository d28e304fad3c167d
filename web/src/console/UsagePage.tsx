import { useEffect, useState } from "preact/hooks";
import { consoleApi } from "../consoleApi";
import { date, decimal, facts } from "../language/formats";
import { number, plural, t } from "../language/t";
import type { Usage, UsageRow } from "../types";
import { Choice } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { Chart } from "./Chart";

const MS_AN_HOUR = 3_600_000;

export function UsagePage() {
  const [days, setDays] = useState("30");
  const [usage, setUsage] = useState<Usage | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    // Another choice may be made before the answer to this one comes.
    let wanted = true;
    setError(null);
    consoleApi.usage(Number(days)).then(
      (found) => wanted && setUsage(found),
      (failure: Error) => wanted && setError(failure.message),
    );
    return () => {
      wanted = false;
    };
  }, [days]);
  return (
    <>
      <Choice
        label={t("Show")}
        value={days}
        options={["7", "30", "90", "365"].map((n) => [
          n,
          plural(Number(n), "The last day", "The last {n} days"),
        ])}
        onChange={setDays}
      />
      {error && <Notice>{error}</Notice>}
      {usage && <Days usage={usage} />}
      {usage && <Rows usage={usage} />}
    </>
  );
}

function Days({ usage: { days } }: { usage: Usage }) {
  const between = days.length > 0 && `${day(days[0]!.day)} – ${day(days.at(-1)!.day)}`;
  const total = (name: "answers" | "tokens") => days.reduce((sum, each) => sum + each[name], 0);
  return (
    <section aria-labelledby="by-day">
      <h2 id="by-day">{t("By day")}</h2>
      <p class="hint">{between}</p>
      <Chart
        title={t("Answers")}
        summary={number(total("answers"))}
        values={days.map(({ answers }) => answers)}
      />
      <Chart
        title={t("Tokens")}
        summary={number(total("tokens"))}
        values={days.map(({ tokens }) => tokens)}
      />
    </section>
  );
}

function Rows({ usage: { rows, watts } }: { usage: Usage }) {
  return (
    <section aria-labelledby="by-person">
      <h2 id="by-person">{t("By person and model")}</h2>
      {rows.length === 0 && <p>{t("Nobody has asked anything in this time.")}</p>}
      <ul class="rows">
        {rows.map((row) => (
          <li key={`${row.user_id} ${row.model}`}>
            <div class="gist">
              <strong>{row.name}</strong>
              <span class="tag">{row.model || t("no model")}</span>
              <p>{amounts(row)}</p>
              <p class="hint">{effort(row, watts)}</p>
            </div>
          </li>
        ))}
      </ul>
      <p class="hint">
        {t(
          "Counted from the answers that are there still, without a look at what they say. Energy is an estimate: the time answers were written in, at {watts} W (the setting watts). Answers written at the same time count each for themselves, so it is rather less.",
          { watts },
        )}
      </p>
    </section>
  );
}

const amounts = ({ answers, failed, prompt_tokens, completion_tokens }: UsageRow) =>
  facts([
    plural(answers, "{n} answer", "{n} answers"),
    failed ? plural(failed, "{n} failed", "{n} failed") : "",
    t("{n} tokens read", { n: prompt_tokens }),
    t("{n} written", { n: completion_tokens }),
  ]);

const effort = ({ duration_ms }: UsageRow, watts: number) =>
  facts([
    t("{n} min", { n: decimal(duration_ms / 60_000, 1) }),
    t("about {n} Wh", { n: decimal((duration_ms / MS_AN_HOUR) * watts, 2) }),
  ]);

/** A day of the reader's own, whatever the hour is elsewhere. */
const day = (iso: string) => date(new Date(`${iso}T12:00`).getTime());
