import { useEffect, useState } from "preact/hooks";
import { consoleApi } from "../consoleApi";
import { facts, moment, percent, size } from "../language/formats";
import { number, plural, t } from "../language/t";
import type { Cared, Condition, Overview, Sample, SlowStatement } from "../types";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { Chart } from "./Chart";
import { advice, parts, states } from "./conditions";

const LOOK_AGAIN = 10_000;
/** Of an hour. */
const SAMPLES = 120;

export function OverviewPage() {
  const [overview, setOverview] = useState<Overview | null>(null);
  const { run, error } = useAction(async () => setOverview(await consoleApi.overview()));
  useEffect(() => {
    void run();
    const timer = setInterval(() => {
      if (!document.hidden) void run();
    }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      {error && <Notice>{error}</Notice>}
      {overview && (
        <>
          <Health conditions={overview.conditions} />
          <LastHour samples={overview.samples} />
          <Amounts overview={overview} />
          <Slow statements={overview.slow} />
        </>
      )}
    </>
  );
}

function Health({ conditions }: { conditions: Condition[] }) {
  return (
    <section aria-labelledby="health">
      <h2 id="health">{t("Health")}</h2>
      <ul class="rows">
        {conditions.map(({ name, status, problem }) => (
          <li key={name}>
            <div class="gist">
              <strong>{t(parts[name] ?? name)}</strong>
              <span class={`tag ${status === "pass" ? "" : "warn"}`}>{t(states[status])}</span>
              {problem && <p>{t(advice[`${name} ${problem}`] ?? problem)}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Two samples a minute, so what is counted in one is half a minute's. */
function LastHour({ samples }: { samples: Sample[] }) {
  const all = (name: keyof Sample) => samples.map((sample) => sample[name]);
  const most = (name: keyof Sample) => Math.max(0, ...all(name));
  const sum = (name: keyof Sample) => all(name).reduce((total, value) => total + value, 0);
  const errors = sum("errors");
  return (
    <section aria-labelledby="hour">
      <h2 id="hour">{t("The last hour")}</h2>
      <Chart
        title={t("Requests")}
        summary={facts([
          number(sum("requests")),
          errors ? plural(errors, "{n} failed", "{n} failed") : "",
        ])}
        values={all("requests")}
        room={SAMPLES}
      />
      <Chart
        title={t("Tokens written")}
        summary={number(sum("tokens"))}
        values={all("tokens")}
        room={SAMPLES}
      />
      <Chart
        title={t("Longest wait for the program itself")}
        summary={t("{n} ms", { n: most("lag_ms") })}
        values={all("lag_ms")}
        room={SAMPLES}
      />
      <Chart
        title={t("Memory held")}
        summary={size(most("memory"))}
        values={all("memory")}
        room={SAMPLES}
      />
    </section>
  );
}

function Amounts({ overview }: { overview: Overview }) {
  const { sizes, version, started_at, cared } = overview;
  const rows: [string, string][] = [
    [t("Version"), version],
    [t("Running since"), moment(started_at)],
    [t("Last backup"), sizes.backup_at ? moment(sizes.backup_at) : t("None yet")],
    [t("Database"), size(sizes.database)],
    [
      t("Free on the disk"),
      t("{size}, {share} of it", {
        size: size(sizes.disk_free),
        share: percent(sizes.disk_free / (sizes.disk_total || 1)),
      }),
    ],
    [t("Last tidied up"), cared ? tidied(cared) : t("Not yet")],
    [t("Memory held"), size(sizes.memory)],
    [t("Pages that follow along"), number(sizes.streams)],
    [t("Waiting work"), number(sizes.queued)],
    [t("Work given up"), number(sizes.failed)],
    [t("Changes the index waits for"), number(sizes.index_lag)],
  ];
  return (
    <section aria-labelledby="amounts">
      <h2 id="amounts">{t("How much")}</h2>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

/** When, and what of it nothing needed any more. */
const tidied = (cared: Cared) =>
  facts([
    moment(cared.at),
    plural(cared.rows + cared.cached, "{n} old entry", "{n} old entries"),
    plural(cared.files, "{n} lost file", "{n} lost files"),
    t("{size} given back to the disk", { size: size(cared.given_back) }),
  ]);

function Slow({ statements }: { statements: SlowStatement[] }) {
  return (
    <section aria-labelledby="slow">
      <h2 id="slow">{t("Slow statements")}</h2>
      <p class="hint">
        {t(
          "What the database was asked and took longer than 100 ms for, since the start. Values are never kept.",
        )}
      </p>
      {statements.length === 0 && <p>{t("None yet")}</p>}
      {statements.map(({ sql, plan, count, longest_ms, last_at }) => (
        <details key={sql}>
          <summary>
            {facts([
              t("{n} ms", { n: longest_ms }),
              plural(count, "{n} time", "{n} times"),
              moment(last_at),
            ])}
          </summary>
          <pre class="lines">{[sql, ...plan].join("\n")}</pre>
        </details>
      ))}
    </section>
  );
}
