import { useEffect, useState } from "preact/hooks";
import { contextOf } from "../contextApi";
import { percent as percentText } from "../language/formats";
import { t } from "../language/t";
import { rows, running } from "../state/chat";
import type { Context } from "../types";
import { lazy } from "../ui/lazy";
import { fullness, NEARLY_FULL } from "./seen";
import "./context.css";

const Blank = () => null;
const ContextPanel = lazy(() => import("./ContextPanel").then((m) => m.ContextPanel), Blank);

/** How full the model's window is: a whisper at first, plain words when older messages will soon be left out. */
export function ContextMeter() {
  const answer = rows.value.at(-1)?.message.value.answer ?? null;
  const id = running.value || answer?.finished_at == null ? null : answer.id;
  const [context, setContext] = useState<Context | null>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!id) return;
    let here = true;
    // Not kept for every answer, and nothing is wrong then.
    const show = (found: Context | null) => here && setContext(found);
    contextOf(id).then(show, () => show(null));
    return () => {
      here = false;
    };
  }, [id]);
  const full = context && answer ? fullness(context, answer.completion_tokens) : null;
  if (full === null || !answer) return null;
  const percent = percentText(full);
  const nearly = full >= NEARLY_FULL;
  return (
    <div class="context-meter">
      <button type="button" class={`quiet ${nearly ? "nearly" : ""}`} onClick={() => setOpen(true)}>
        <span class="context-gauge" aria-hidden="true">
          <span style={{ width: `${Math.round(full * 100)}%` }} />
        </span>
        <span>
          {nearly
            ? t("Context {percent} full: older messages will soon be left out", { percent })
            : t("Context {percent} full", { percent })}
        </span>
      </button>
      {open && <ContextPanel id={answer.id} onClose={() => setOpen(false)} />}
    </div>
  );
}
