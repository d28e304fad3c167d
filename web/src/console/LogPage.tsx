import { useEffect, useState } from "preact/hooks";
import { consoleApi } from "../consoleApi";
import { facts } from "../language/formats";
import { locale, msg, plural, t } from "../language/t";
import type { Line } from "../types";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { SearchBox } from "../ui/SearchBox";
import { followLog, lines, unheard } from "./followLog";

const levels: [string, string][] = [
  ["debug", msg("Everything")],
  ["info", msg("What happened, and worse")],
  ["warning", msg("Warnings and errors")],
  ["error", msg("Errors only")],
];
const order = ["debug", "info", "warning", "error", "critical"];
const MORE = 200;

/** The newest first. */
export function LogPage() {
  const [level, setLevel] = useState("info");
  const [words, setWords] = useState("");
  const [shown, setShown] = useState(MORE);
  const [paused, setPaused] = useState<Line[] | null>(null);
  useEffect(followLog, []);
  const found = (paused ?? lines.value).filter(
    (line) => order.indexOf(line.level) >= order.indexOf(level) && isAbout(line, words),
  );
  return (
    <section aria-labelledby="log">
      <h2 id="log">{t("As it is written")}</h2>
      <p class="hint">
        {t(
          "The newest lines first. Nothing anyone wrote is in them; a line of a request has an id, by which others of the same request are found.",
        )}
      </p>
      <Choice
        label={t("Show")}
        value={level}
        options={levels.map(([value, text]) => [value, t(text)])}
        onChange={setLevel}
      />
      <SearchBox label={t("Search in the log")} value={words} maxLength={100} onSearch={setWords} />
      <div class="buttons">
        <Button onClick={() => setPaused(paused ? null : lines.value)}>
          {paused ? t("Go on") : t("Pause")}
        </Button>
        <a class="button" href={consoleApi.logFile} download>
          <Icon name="download" /> {t("Download")}
        </a>
      </div>
      {unheard.value && <Notice>{t("Connection lost. Reconnecting…")}</Notice>}
      <p role="status" class="hint">
        {plural(found.length, "{n} line", "{n} lines")}
      </p>
      <ol class="lines" dir="ltr">
        {found
          .slice(-shown)
          .reverse()
          .map((line, at) => (
            <Entry key={found.length - at} line={line} />
          ))}
      </ol>
      {found.length > shown && (
        <Button onClick={() => setShown(shown + MORE)}>{t("Show more")}</Button>
      )}
    </section>
  );
}

function Entry({ line }: { line: Line }) {
  const { level, logger, event, request_id, method, route, status, duration_s, trace } = line;
  const bad = order.indexOf(level) > 1;
  const told = status
    ? `${method} ${route} ${status} ${((duration_s ?? 0) * 1000).toFixed(0)} ms`
    : event;
  return (
    <li>
      <span class="hint">{facts([time(line.ts), logger, request_id ?? ""])}</span>
      <br />
      {told}
      {bad && <span class="tag warn">{level}</span>}
      {trace && <div class="hint">{trace.join("\n")}</div>}
    </li>
  );
}

const time = (ts: string) =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: "short", timeStyle: "medium" }).format(
    new Date(ts),
  );

const isAbout = (line: Line, words: string) =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => JSON.stringify(line).toLowerCase().includes(word));
