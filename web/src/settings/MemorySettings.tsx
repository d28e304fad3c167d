import { useEffect, useState } from "preact/hooks";
import { memoryApi } from "../memoryApi";
import type { MemoryState } from "../types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

export function MemorySettings() {
  const [state, setState] = useState<MemoryState | null>(null);
  const [sure, setSure] = useState(false);
  const load = useAction(async () => setState(await memoryApi.state()));
  const change = useAction(async (work: () => Promise<unknown>) => {
    await work();
    setState(await memoryApi.state());
    setSure(false);
  });
  useEffect(() => void load.run(), []);
  const error = load.error ?? change.error;
  return (
    <section aria-labelledby="memory">
      <h2 id="memory">Memory</h2>
      <p>
        What you said in earlier conversations, and facts about you and your work, are looked up on
        this machine when they belong to your question. Nobody else sees them.
      </p>
      {error && <Notice>{error}</Notice>}
      {state && (
        <>
          <div class="choices">
            <label>
              <input
                type="checkbox"
                checked={state.enabled}
                disabled={change.busy}
                onChange={(event) => {
                  const { checked } = event.currentTarget;
                  void change.run(() => memoryApi.enable(checked));
                }}
              />
              Remember my conversations
            </label>
          </div>
          <p class="hint">{counted(state)}</p>
          {state.muted > 0 && (
            <Button busy={change.busy} onClick={() => void change.run(memoryApi.restoreAll)}>
              Use all of them again
            </Button>
          )}
          {!sure && <Button onClick={() => setSure(true)}>Forget everything…</Button>}
          {sure && (
            <Button
              look="danger"
              busy={change.busy}
              onClick={() => void change.run(memoryApi.forgetAll)}
            >
              Forget everything, for good
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function counted({ enabled, exchanges, waiting, muted }: MemoryState): string {
  const said = [
    exchanges === 1 ? "1 exchange is remembered" : `${exchanges} exchanges are remembered`,
  ];
  if (waiting) said.push(`${waiting} still to be read`);
  if (muted) said.push(`${muted} not to be used again`);
  const off = enabled
    ? ""
    : " While this is off, nothing is looked up, learned or remembered; what is known stays.";
  return `${said.join(", ")}.${off}`;
}
