import { useEffect, useState } from "preact/hooks";
import { moment } from "../language/formats";
import { msg, t } from "../language/t";
import { peopleApi } from "../peopleApi";
import { people } from "../state/people";
import type { AuditCheck, AuditEntry } from "../types";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { actions } from "./words";

const kinds: [string, string][] = [
  ["", msg("Everything")],
  ["account.", msg("Signing in and passwords")],
  ["people.", msg("Accounts and invitations")],
  ["network.", msg("Network")],
  ["models.", msg("Models")],
  ["personas.", msg("Personas for everybody")],
];

/** Who did what, the newest first. */
export function AuditTrail() {
  const [kind, setKind] = useState("");
  const [entries, setEntries] = useState<AuditEntry[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const loading = useAction(async (before: string | null) => {
    const page = await peopleApi.audit(kind, before);
    setEntries((all) => (before ? [...all, ...page.items] : page.items));
    setNext(page.next);
  });
  // What was done on this page shows at once.
  useEffect(() => void loading.run(null), [kind, people.value]);
  return (
    <section aria-labelledby="audit">
      <h2 id="audit">{t("What was done")}</h2>
      <Choice
        label={t("Show")}
        value={kind}
        options={kinds.map(([value, text]) => [value, t(text)])}
        onChange={setKind}
      />
      {loading.error && <Notice>{loading.error}</Notice>}
      <ol class="rows trail">
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
      {next && (
        <Button busy={loading.busy} onClick={() => void loading.run(next)}>
          {t("Show more")}
        </Button>
      )}
      <Check />
    </section>
  );
}

function nameOf(id: string): string {
  return (
    people.value?.find((person) => person.id === id)?.name ?? t("somebody whose account is gone")
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { actor_id, address, action, subject_id } = entry;
  const actor = actor_id ? nameOf(actor_id) : address ? null : t("On the machine itself");
  const known = people.value?.find((person) => person.id === subject_id);
  const whom = known && subject_id !== actor_id ? known.name : null;
  const does = actions[action];
  return (
    <li>
      <div class="gist">
        {actor && <strong>{actor} </strong>}
        {does ? t(does) : action}
        {whom && <> · {whom}</>}
        <p class="hint">
          {moment(entry.at)}
          {address && ` · ${address}`}
        </p>
      </div>
    </li>
  );
}

function Check() {
  const [found, setFound] = useState<AuditCheck | null>(null);
  const { run, busy, error } = useAction(async () => setFound(await peopleApi.checkAudit()));
  return (
    <>
      <Button busy={busy} onClick={() => void run()}>
        {t("Check the trail")}
      </Button>
      {error && <Notice>{error}</Notice>}
      {found?.whole && <p role="status">{t("Every entry is as it was written.")}</p>}
      {found && !found.whole && (
        <Notice>
          {t("Entry {seq} is not as it was written. A backup made before holds it as it was.", {
            seq: found.seq ?? 0,
          })}
        </Notice>
      )}
    </>
  );
}
