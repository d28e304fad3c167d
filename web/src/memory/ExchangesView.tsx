import { useEffect, useState } from "preact/hooks";
import { plural, t } from "../language/t";
import { memoryApi } from "../memoryApi";
import { exchanges } from "../state/exchanges";
import { loadMemory, memoryState } from "../state/memory";
import type { Exchange } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { SearchBox } from "../ui/SearchBox";
import { useAction } from "../ui/useAction";
import { beginning } from "../chat/beginning";
import { ListEnd } from "./ListEnd";
import { SourceLink } from "./SourceLink";

/** Of a question in a list. */
const LONGEST = 200;

/** What was said in earlier conversations and may be recalled. */
export function ExchangesView() {
  const [problem, setProblem] = useState("");
  const restoring = useAction(async () => {
    await memoryApi.restoreAll();
    announce(t("All of them may be used again."));
    await Promise.all([loadMemory(), exchanges.refresh()]);
  });
  useEffect(() => void exchanges.open(), []);
  const items = exchanges.items.value;
  const { waiting = 0, muted = 0 } = memoryState.value ?? {};
  const searched = exchanges.words.value !== "";
  const error = problem || restoring.error;
  return (
    <section aria-labelledby="exchanges">
      <h2 id="exchanges">{t("From your conversations")}</h2>
      <p class="hint">
        {t("A question and its answer are recalled together, where they belong to what you ask.")}{" "}
        {waiting > 0 && plural(waiting, "{n} is still to be read.", "{n} are still to be read.")}
      </p>
      {error && <Notice>{error}</Notice>}
      {(items.length > 0 || searched) && (
        <SearchBox
          label={t("Search in conversations")}
          value={exchanges.words.value}
          maxLength={200}
          onSearch={(words, atOnce) => exchanges.search(words, atOnce ? 0 : undefined)}
        />
      )}
      <ul class="rows">
        {items.map((one) => (
          <Row key={one.id} exchange={one} onProblem={setProblem} />
        ))}
      </ul>
      {exchanges.state.value === "ready" && !items.length && !searched && (
        <p>{t("None yet. They come with your next conversations while memory is on.")}</p>
      )}
      <ListEnd list={exchanges} what="conversations" empty={!items.length} />
      {muted > 0 && (
        <Button busy={restoring.busy} onClick={() => void restoring.run()}>
          {plural(
            muted,
            "Use again the one that was not to be used",
            "Use all {n} again that were not to be used",
          )}
        </Button>
      )}
    </section>
  );
}

interface RowProps {
  exchange: Exchange;
  onProblem: (why: string) => void;
}

function Row({ exchange, onProblem }: RowProps) {
  const { id, conversation_id, title, said_at, question } = exchange;
  const [muted, setMuted] = useState(false);
  const text = beginning(question, LONGEST);
  const change = useAction(async () => {
    await (muted ? memoryApi.restore(id) : memoryApi.mute(id));
    setMuted(!muted);
    announce(muted ? t("It may be used again.") : t("It will not be used again."));
    await loadMemory();
  });
  useEffect(() => onProblem(change.error ?? ""), [change.error]);
  return (
    <li class={muted ? "gone" : ""}>
      <div>
        <p class="hint">
          <SourceLink
            conversationId={conversation_id}
            messageId={id}
            title={title}
            saidAt={said_at}
            words={text}
            onProblem={onProblem}
          />
        </p>
      </div>
      <Button
        busy={change.busy}
        aria-label={
          muted ? t("Use again: “{text}”", { text }) : t("Don’t use again: “{text}”", { text })
        }
        onClick={() => void change.run()}
      >
        {muted ? t("Use again") : t("Don’t use again")}
      </Button>
    </li>
  );
}
