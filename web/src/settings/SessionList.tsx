import { useEffect, useRef } from "preact/hooks";
import { facts, moment } from "../language/formats";
import { t } from "../language/t";
import { endOthers, endSession, loadSessions, sessions } from "../state/account";
import type { Session } from "../types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

/** Good enough to recognise one's own devices. */
function device(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)/.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS" };
  const name = (part = "") => names[part] ?? part;
  if (browser && system) {
    return t("{browser} on {system}", { browser: name(browser), system: name(system) });
  }
  return name(browser ?? system) || agent || t("Unknown device");
}

function Row({ session, onEnd }: { session: Session; onEnd: () => void }) {
  return (
    <li>
      <div>
        <strong>{device(session.agent)}</strong>
        {session.current && <span class="tag">{t("This one")}</span>}
        <p class="hint">
          {facts([session.address, t("last used {when}", { when: moment(session.seen_at) })])}
        </p>
      </div>
      {!session.current && (
        <Button
          aria-label={t("End the session of {device}", { device: device(session.agent) })}
          onClick={onEnd}
        >
          {t("End")}
        </Button>
      )}
    </li>
  );
}

export function SessionList() {
  const loading = useAction(loadSessions);
  const ending = useAction(endSession);
  const clearing = useAction(endOthers);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => void loading.run(), []);
  const end = async (id: string) => {
    if (await ending.run(id)) heading.current?.focus();
  };
  const endAll = async () => {
    if (await clearing.run()) heading.current?.focus();
  };
  const error = loading.error ?? ending.error ?? clearing.error;
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions" ref={heading} tabIndex={-1}>
        {t("Signed in on")}
      </h2>
      {error && <Notice>{error}</Notice>}
      <ul class="rows">
        {sessions.value?.map((session) => (
          <Row key={session.id} session={session} onEnd={() => void end(session.id)} />
        ))}
      </ul>
      {(sessions.value?.length ?? 0) > 1 && (
        <Button busy={clearing.busy} onClick={() => void endAll()}>
          {t("End all others")}
        </Button>
      )}
    </section>
  );
}
