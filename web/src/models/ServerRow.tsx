import { useState } from "preact/hooks";
import { facts } from "../language/formats";
import { plural, t } from "../language/t";
import { changeServer, probeServer, removeServer } from "../state/servers";
import type { Server } from "../types";
import { announce } from "../ui/announce";
import { DeleteDialog } from "../ui/DeleteDialog";
import { focusMain } from "../ui/focusMain";
import { Menu, type MenuItem } from "../ui/Menu";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { ServerDialog } from "./ServerDialog";
import { troubles, work } from "./words";

export function ServerRow({ server }: { server: Server }) {
  const [asking, setAsking] = useState<"change" | "remove" | null>(null);
  const { id, name, enabled, models } = server;
  const action = useAction(async (job: () => Promise<string>) => announce(await job()));
  const trouble = troubles[server.health];
  const close = () => setAsking(null);

  const probe = async () => {
    const found = await probeServer(id);
    return t(troubles[found.health] ?? "") || t("{name} answers", { name });
  };
  const change = (fields: Parameters<typeof changeServer>[1], said: string) => () =>
    changeServer(id, fields).then(() => said);
  const items: MenuItem[] = [
    { label: t("Ask again"), icon: "again", run: () => void action.run(probe) },
  ];
  if (!server.fixed) {
    items.push(
      { label: t("Change"), icon: "edit", run: () => setAsking("change") },
      enabled
        ? {
            label: t("Switch off"),
            icon: "pause",
            run: () =>
              void action.run(change({ enabled: false }, t("{name} is switched off", { name }))),
          }
        : {
            label: t("Switch on"),
            icon: "play",
            run: () =>
              void action.run(change({ enabled: true }, t("{name} is switched on", { name }))),
          },
      { label: t("Remove"), icon: "trash", danger: true, run: () => setAsking("remove") },
    );
  }

  return (
    <li>
      <div class="gist">
        <strong>{name}</strong>
        {server.fixed && <span class="tag">{t("In the settings file")}</span>}
        {!enabled && <span class="tag">{t("Off")}</span>}
        <p class="hint">
          {facts([
            server.url,
            server.key ? t("with a key") : "",
            ...work(server.running, server.waiting.length),
          ])}
        </p>
        {models.length > 0 && (
          <details>
            <summary>{plural(models.length, "{n} model", "{n} models")}</summary>
            <ul class="hint">
              {models.map((model) => (
                <li key={model}>{model}</li>
              ))}
            </ul>
          </details>
        )}
        {trouble && <Notice>{t(trouble)}</Notice>}
        {action.error && <Notice>{action.error}</Notice>}
      </div>
      <Menu label={t("More for {name}", { name })} items={items} />
      {asking === "change" && <ServerDialog server={server} onClose={close} />}
      {asking === "remove" && (
        <DeleteDialog
          title={t("Remove {name}?", { name })}
          action={t("Remove")}
          onDelete={async () => {
            await removeServer(id);
            close();
            announce(t("{name} is removed", { name }));
            focusMain();
          }}
          onClose={close}
        >
          {t(
            "Its models can no longer be chosen, and its key is deleted. Answers it is writing go on to their end.",
          )}
        </DeleteDialog>
      )}
    </li>
  );
}
