import { useState } from "preact/hooks";
import { facts, size } from "../language/formats";
import { t } from "../language/t";
import { loadModel, removeFile } from "../state/servers";
import { user } from "../state/session";
import type { ModelFile } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { focusMain } from "../ui/focusMain";
import { Menu } from "../ui/Menu";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

/** `waiting`: another one is about to be loaded. */
export function FileRow({ file, waiting }: { file: ModelFile; waiting: boolean }) {
  const [deleting, setDeleting] = useState(false);
  const { name, sha256 } = file;
  const load = useAction(async () => {
    await loadModel(name);
    announce(t("{name} is loaded once everybody who asked before has their answer.", { name }));
  });
  const removable = file.own && !file.loaded && user.value?.role === "owner";
  return (
    <li>
      <div class="gist">
        <strong>{name}</strong>
        {file.loaded && <span class="tag">{t("Loaded")}</span>}
        <p class="hint">
          {facts([size(file.bytes), sha256 ? `SHA-256 ${sha256.slice(0, 16)}…` : ""])}
        </p>
        {load.error && <Notice>{load.error}</Notice>}
      </div>
      {!file.loaded && (
        <Button
          busy={load.busy}
          disabled={waiting}
          aria-label={t("Load {name}", { name })}
          onClick={() => void load.run()}
        >
          {t("Load")}
        </Button>
      )}
      {removable && (
        <Menu
          label={t("More for {name}", { name })}
          items={[
            { label: t("Delete"), icon: "trash", danger: true, run: () => setDeleting(true) },
          ]}
        />
      )}
      {deleting && (
        <DeleteDialog
          title={t("Delete {name}?", { name })}
          onDelete={async () => {
            await removeFile(name);
            setDeleting(false);
            announce(t("{name} is deleted", { name }));
            focusMain();
          }}
          onClose={() => setDeleting(false)}
        >
          {t("The file is deleted from the data folder. It can be brought in again.")}
        </DeleteDialog>
      )}
    </li>
  );
}
