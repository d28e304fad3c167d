import { useEffect, useState } from "preact/hooks";
import { msg, t } from "../language/t";
import { memoryApi } from "../memoryApi";
import { Back } from "../settings/Back";
import { PageHeader } from "../shell/PageHeader";
import { nothingKnown } from "../state/facts";
import { enableMemory, loadMemory, memoryState } from "../state/memory";
import { search } from "../state/route";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { ExchangesView } from "./ExchangesView";
import { FactsView } from "./FactsView";
import { GraphView } from "./GraphView";
import "../settings/sheet.css";

const HERE = "/settings/memory";

const views = [
  ["", msg("Facts"), FactsView],
  ["graph", msg("Graph"), GraphView],
  ["conversations", msg("Conversations"), ExchangesView],
] as const;

export function MemoryView() {
  const wanted = new URLSearchParams(search.value).get("view") ?? "";
  const [now, , View] = views.find(([name]) => name === wanted) ?? views[0];
  const loading = useAction(loadMemory);
  /** How often everything was forgotten: the view begins anew. */
  const [times, setTimes] = useState(0);
  useEffect(() => void loading.run(), []);
  return (
    <div class="view">
      <PageHeader title={t("Memory")} />
      <div class="view-scroll">
        <div class={`settings-body known ${now === "graph" ? "wide" : ""}`}>
          <Back />
          <Switch />
          {loading.error && <Notice>{loading.error}</Notice>}
          <nav class="tabs" aria-label={t("Memory")}>
            {views.map(([name, label]) => (
              <a
                key={name}
                class="nav-link"
                href={name ? `${HERE}?view=${name}` : HERE}
                aria-current={name === now ? "page" : undefined}
              >
                {t(label)}
              </a>
            ))}
          </nav>
          <View key={times} />
          <Foot
            onForgotten={() => {
              setTimes(times + 1);
              void loading.run();
            }}
          />
        </div>
      </div>
    </div>
  );
}

/** The one switch of memory. */
function Switch() {
  const change = useAction(enableMemory);
  const state = memoryState.value;
  if (!state) return null;
  return (
    <section class="column" aria-label={t("Switch")}>
      <div class="choices">
        <label>
          <input
            type="checkbox"
            checked={state.enabled}
            disabled={change.busy}
            onChange={(event) => void change.run(event.currentTarget.checked)}
          />
          {t("Remember what I say")}
        </label>
      </div>
      {change.error && <Notice>{change.error}</Notice>}
      <p class="hint">
        {state.enabled
          ? t(
              "Facts about you and your work, and what you said in earlier conversations, are looked up on this machine when they belong to your question. Nobody else sees them.",
            )
          : t(
              "Off: nothing is looked up, learned or remembered. What is known stays until you forget it.",
            )}
      </p>
    </section>
  );
}

/** For all of it, whichever part is looked at. */
function Foot({ onForgotten }: { onForgotten: () => void }) {
  const [asked, setAsked] = useState(false);
  const { exchanges = 0, waiting = 0 } = memoryState.value ?? {};
  if (nothingKnown.value && !exchanges && !waiting) return null;
  return (
    <footer class="buttons">
      <a class="button" href={memoryApi.exportAddress("markdown")} download>
        {t("Export facts as text")}
      </a>
      <a class="button" href={memoryApi.exportAddress("json")} download>
        {t("As JSON")}
      </a>
      <Button onClick={() => setAsked(true)}>{t("Forget everything…")}</Button>
      {asked && (
        <DeleteDialog
          title={t("Forget everything?")}
          action={t("Forget")}
          onDelete={async () => {
            await memoryApi.forgetAll();
            announce(t("Everything is forgotten"));
            setAsked(false);
            onForgotten();
          }}
          onClose={() => setAsked(false)}
        >
          {t(
            "All facts, and all that is remembered of your conversations, will be gone for good. The conversations themselves stay.",
          )}
        </DeleteDialog>
      )}
    </footer>
  );
}
