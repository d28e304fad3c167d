import { useEffect, useState } from "preact/hooks";
import { size } from "../language/formats";
import { number, plural, t } from "../language/t";
import { exportFile, ownApi } from "../ownApi";
import type { Belongings, Export } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { download } from "../ui/download";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { Leaving } from "./Leaving";

const LOOK_EVERY = 500; // ms

/** How much there is, all of it as one file, and the way out. */
export function YourData() {
  const [own, setOwn] = useState<Belongings | null>(null);
  const load = useAction(async () => setOwn(await ownApi.belongings()));
  useEffect(() => void load.run(), []);
  return (
    <>
      <section aria-labelledby="data">
        <h2 id="data">{t("Your data")}</h2>
        {load.error && <Notice>{load.error}</Notice>}
        {own && <Counts own={own} />}
        <TakeOut />
      </section>
      <section aria-labelledby="leave">
        <h2 id="leave">{t("Delete the account")}</h2>
        {own && <Leaving own={own} />}
      </section>
    </>
  );
}

export function Counts({ own }: { own: Belongings }) {
  const rows = [
    [t("Conversations"), plural(own.messages, "{n} message", "{n} messages"), own.conversations],
    [t("Documents"), size(own.bytes), own.documents],
    [t("Facts about you"), "", own.facts],
    [t("Personas"), "", own.personas],
  ] as const;
  return (
    <dl class="facts">
      {rows.map(([name, more, count]) => (
        <>
          <dt>{name}</dt>
          <dd>
            {number(count)}
            {more && count > 0 && <span class="hint"> · {more}</span>}
          </dd>
        </>
      ))}
    </dl>
  );
}

/** The browser writes the file; how far it has come is asked for beside it. */
function TakeOut() {
  const [taken, setTaken] = useState<Export | null>(null);
  const under = taken?.state === "waiting" || taken?.state === "running";
  const begin = useAction(async () => {
    const begun = await ownApi.beginExport();
    setTaken(begun);
    download(exportFile(begun.id));
  });
  const cancel = useAction(async () => {
    await ownApi.cancelExport(taken!.id);
    setTaken({ ...taken!, state: "cancelled" });
    announce(ending("cancelled"));
  });
  const look = useAction(async () => {
    const now = await ownApi.export(taken!.id);
    setTaken(now);
    if (now.state !== "running" && now.state !== "waiting") announce(ending(now.state));
  });
  useEffect(() => {
    if (!under || look.error) return;
    const timer = setTimeout(() => void look.run(), LOOK_EVERY);
    return () => clearTimeout(timer);
  }, [taken, look.error]);
  const error = begin.error ?? cancel.error ?? look.error;
  return (
    <>
      <p>
        {t(
          "One zip with every version of every conversation, your documents as you put them in, what is known about you, your personas, prompts, folders and settings.",
        )}
      </p>
      {under && (
        <div class="progress">
          <progress value={taken.files} max={taken.of} aria-label={t("Export")} />
          <p class="hint">
            {t("{done} of {all} files, {size}", {
              done: taken.files,
              all: taken.of,
              size: size(taken.bytes),
            })}
          </p>
        </div>
      )}
      {taken && !under && <p class="hint">{ending(taken.state)}</p>}
      {error && <Notice>{error}</Notice>}
      {under ? (
        <Button busy={cancel.busy} onClick={() => void cancel.run()}>
          {t("Cancel the export")}
        </Button>
      ) : (
        <Button busy={begin.busy} onClick={() => void begin.run()}>
          {t("Export all my data")}
        </Button>
      )}
    </>
  );
}

function ending(state: Export["state"]): string {
  if (state === "done") return t("Exported. The file is among your downloads.");
  if (state === "cancelled")
    return t("The export was cancelled. What was downloaded of it is of no use.");
  return t("The export failed. Try again; the log of the server says why.");
}
