import { useState } from "preact/hooks";
import { t } from "../language/t";
import { bringIn } from "../state/servers";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { FormEnd } from "../ui/FormEnd";
import { useAction } from "../ui/useAction";

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState("");
  const [sha256, setSha256] = useState("");
  const { run, busy, error } = useAction(async () => {
    await bringIn(file.trim(), sha256.trim());
    onClose();
  });
  return (
    <Dialog title={t("Bring in a model file")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <p>
          {t(
            "A GGUF file on the machine itself, such as on a USB stick, is copied into the data folder.",
          )}
        </p>
        <Field
          label={t("Path of the file")}
          hint={t("As the machine calls it, such as /media/stick/model.gguf")}
          autoFocus
          maxLength={1000}
          value={file}
          onChange={setFile}
        />
        <Field
          label={t("Checksum (SHA-256)")}
          hint={t("From where the file was published: another file is not kept.")}
          optional
          maxLength={64}
          value={sha256}
          onChange={setSha256}
        />
        <FormEnd action={t("Copy it")} busy={busy} error={error} onClose={onClose} />
      </form>
    </Dialog>
  );
}
