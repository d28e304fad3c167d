import { useEffect, useState } from "preact/hooks";
import { ConsolePages } from "../console/ConsolePages";
import { t } from "../language/t";
import { Back } from "../settings/Back";
import { PageHeader } from "../shell/PageHeader";
import { engine, loadNames, loadServers, servers, watchServers } from "../state/servers";
import { user } from "../state/session";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { BuiltIn } from "./BuiltIn";
import { Line } from "./Line";
import { ServerDialog } from "./ServerDialog";
import { ServerRow } from "./ServerRow";
import "../settings/sheet.css";

export function ModelsView() {
  const allowed = user.value?.role !== "member";
  return (
    <div class="view">
      <PageHeader title={t("Models")} />
      <div class="view-scroll">
        <div class="settings-body">
          <Back />
          <ConsolePages />
          {allowed ? <Places /> : <p>{t("Only owners and administrators see this.")}</p>}
        </div>
      </div>
    </div>
  );
}

function Places() {
  const loading = useAction(loadServers);
  const [adding, setAdding] = useState(false);
  useEffect(() => {
    void loading.run();
    // Without names they wait all the same.
    void loadNames().catch(() => {});
    return watchServers();
  }, []);
  return (
    <>
      {loading.error && (
        <>
          <Notice>{loading.error}</Notice>
          <Button onClick={() => void loading.run()}>{t("Try again")}</Button>
        </>
      )}
      <section aria-labelledby="servers">
        <h2 id="servers">{t("Model servers")}</h2>
        <p class="hint">
          {t(
            "Any server with an OpenAI-compatible API: llama.cpp, vLLM, Ollama, LM Studio and others, in this network or elsewhere. What is asked goes there.",
          )}
        </p>
        <ul class="rows">
          {servers.value?.map((server) => (
            <ServerRow key={server.id} server={server} />
          ))}
        </ul>
        <Button look="primary" onClick={() => setAdding(true)}>
          {t("Add a model server")}
        </Button>
      </section>
      {engine.value && <BuiltIn engine={engine.value} />}
      <Line />
      {adding && <ServerDialog onClose={() => setAdding(false)} />}
    </>
  );
}
