import { useEffect, useRef } from "preact/hooks";
import { endSession, loadSessions, sessions } from "../state/account";
import type { Session } from "../types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Good enough to recognise one's own devices. */
function device(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)/.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS" };
  const parts = [browser, system].filter((part) => part !== undefined);
  return parts.map((part) => names[part] ?? part).join(" on ") || agent || "Unknown device";
}

function Row({ session, onEnd }: { session: Session; onEnd: () => void }) {
  return (
    <li>
      <div>
        <strong>{device(session.agent)}</strong>
        {session.current && <span class="tag">This one</span>}
        <p class="hint">
          {session.address} · last used {time.format(session.seen_at)}
        </p>
      </div>
      {!session.current && (
        <Button aria-label={`End the session of ${device(session.agent)}`} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  );
}

export function SessionList() {
  const loading = useAction(loadSessions);
  const ending = useAction(endSession);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => void loading.run(), []);
  const end = async (id: string) => {
    if (await ending.run(id)) heading.current?.focus();
  };
  const error = loading.error ?? ending.error;
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions" ref={heading} tabIndex={-1}>
        Signed in on
      </h2>
      {error && <Notice>{error}</Notice>}
      <ul class="rows">
        {sessions.value?.map((session) => (
          <Row key={session.id} session={session} onEnd={() => void end(session.id)} />
        ))}
      </ul>
    </section>
  );
}
