import { useState } from "preact/hooks";
import { facts, percent } from "../language/formats";
import { t } from "../language/t";
import { unloadModel } from "../state/servers";
import { user } from "../state/session";
import type { Arrival, LocalEngine } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { FileRow } from "./FileRow";
import { ImportDialog } from "./ImportDialog";
import { stateOf, work } from "./words";

export function BuiltIn({ engine }: { engine: LocalEngine }) {
  const [importing, setImporting] = useState(false);
  const unload = useAction(async () => {
    await unloadModel();
    announce(t("It is unloaded once everybody has their answer."));
  });
  const { state, next, failure, arrival } = engine;
  return (
    <section aria-labelledby="built-in">
      <h2 id="built-in">{t("Built-in engine")}</h2>
      <p role="status">
        {facts([stateOf(engine), ...work(engine.running, engine.waiting.length)])}
      </p>
      {next !== null && (
        <p role="status">
          {next
            ? t("{name} is loaded once everybody who asked before has their answer.", {
                name: next,
              })
            : t("It is unloaded once everybody has their answer.")}
        </p>
      )}
      {failure && (
        <Notice>
          {t("{name} could not be loaded; what was loaded before answers again.", {
            name: failure,
          })}
        </Notice>
      )}
      {state !== "off" && (
        <>
          <ul class="rows">
            {engine.files.map((file) => (
              <FileRow key={file.name} file={file} waiting={next !== null} />
            ))}
          </ul>
          {arrival && <Coming arrival={arrival} />}
          {unload.error && <Notice>{unload.error}</Notice>}
          <div class="buttons">
            {user.value?.role === "owner" && (
              <Button onClick={() => setImporting(true)}>{t("Bring in a model file")}</Button>
            )}
            {state !== "stopped" && (
              <Button busy={unload.busy} disabled={next !== null} onClick={() => void unload.run()}>
                {t("Unload the model")}
              </Button>
            )}
          </div>
        </>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </section>
  );
}

function Coming({ arrival }: { arrival: Arrival }) {
  const { name, bytes, done, error, sha256 } = arrival;
  if (error) return <Notice>{`${name}: ${t(error)}`}</Notice>;
  if (sha256) return null;
  return (
    <p>
      {t("{name} is being copied: {share}", { name, share: percent(done / bytes) })}{" "}
      <progress max={bytes} value={done} aria-label={t("Copied of {name}", { name })} />
    </p>
  );
}
