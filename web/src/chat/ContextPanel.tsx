import { useEffect, useState } from "preact/hooks";
import { contextOf } from "../contextApi";
import { facts as line, percent } from "../language/formats";
import { t } from "../language/t";
import type { Context, ContextSegment } from "../types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { missing, nameOf, sumOf, tokens } from "./seen";
import "./context.css";

/** Everything the model read before it answered, in the order it read it. */
export function ContextPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const [context, setContext] = useState<Context | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    contextOf(id).then(setContext, (error: Error) => setProblem(error.message));
  }, [id]);
  return (
    <Dialog class="context-panel" title={t("What the model saw")} onClose={onClose}>
      {problem && <p role="alert">{problem}</p>}
      {context && <Seen context={context} />}
      <div class="dialog-buttons">
        <Button autoFocus onClick={onClose}>
          {t("Close")}
        </Button>
      </div>
    </Dialog>
  );
}

function Seen({ context }: { context: Context }) {
  const left = missing(context.left_out);
  return (
    <>
      <p class="hint">{line(facts(context))}</p>
      {left && (
        <p class="answer-note">
          <Icon name="info" /> {left}
        </p>
      )}
      <Bar context={context} />
      <ol class="context-list">
        {context.segments.map((segment, at) => (
          <li key={at}>
            <Piece segment={segment} most={sumOf(context)} />
          </li>
        ))}
      </ol>
    </>
  );
}

const kept = (count: number, all: number) =>
  t("{n} kept from the turn before ({percent})", {
    n: count,
    percent: percent(count / (all || count)),
  });

function facts(context: Context): string[] {
  const { window, exact, cached_tokens, gather_ms } = context;
  const read = window
    ? t("{read} of {all}", { read: sumOf(context), all: tokens(window) })
    : tokens(sumOf(context));
  return [
    read,
    exact ? t("counted by the engine") : t("estimated"),
    ...(cached_tokens ? [kept(cached_tokens, sumOf(context))] : []),
    t("gathered in {n} ms", { n: gather_ms }),
  ];
}

/** The same at a glance; the list says it in words. */
function Bar({ context }: { context: Context }) {
  return (
    <div class="context-bar" aria-hidden="true">
      {context.segments.map((segment, at) => (
        <span key={at} class={`kind-${segment.kind}`} style={{ flexGrow: segment.tokens }} />
      ))}
    </div>
  );
}

function Piece({ segment, most }: { segment: ContextSegment; most: number }) {
  const head = (
    <>
      <span class={`context-mark kind-${segment.kind}`} aria-hidden="true" />
      <span class="context-name">{nameOf(segment)}</span>
      <span class="context-tokens">
        {tokens(segment.tokens)}
        <small> {percent(most ? segment.tokens / most : 0)}</small>
      </span>
      <Icon name="chevron" />
    </>
  );
  if (!segment.text) return <div class="context-head">{head}</div>;
  return (
    <details>
      <summary class="context-head">{head}</summary>
      <p class="context-text">{segment.text}</p>
    </details>
  );
}
