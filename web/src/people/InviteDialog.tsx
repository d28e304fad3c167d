import { useState } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { invite, made } from "../state/people";
import { user } from "../state/session";
import type { Role } from "../types";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { FormEnd } from "../ui/FormEnd";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { RoleChoice } from "./RoleChoice";

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [role, setRole] = useState<Role>("member");
  const [note, setNote] = useState("");
  const { run, busy, error } = useAction(async () => {
    await invite(role, note.trim());
    onClose();
  });
  return (
    <Dialog title={t("Invite somebody")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <p>
          {t(
            "You get a link to hand over. Whoever opens it chooses a name and a password of their own.",
          )}
        </p>
        <RoleChoice value={role} onChange={setRole} />
        <Field
          label={t("For whom")}
          hint={t("A note for you, so that you know which link is whose.")}
          optional
          maxLength={200}
          value={note}
          onChange={setNote}
        />
        <FormEnd action={t("Make the link")} busy={busy} error={error} onClose={onClose} />
      </form>
    </Dialog>
  );
}

/** A link is told this once: nobody can look it up later. */
export function LinkDialog({ onClose }: { onClose: () => void }) {
  const { name, link, reachable } = made.value!;
  const words = name
    ? t("Hand this link to {name}. It sets a new password, works once, and for a day.", { name })
    : t("Hand this link over. It makes one account, works once, and for a week.");
  return (
    <Dialog title={t("The link")} onClose={onClose}>
      <div class="stack">
        <p>{words}</p>
        {!reachable && <Closed />}
        <p class="link">
          <code>{link}</code>
          <CopyButton label={t("Copy the link")} text={() => link} />
        </p>
        <p class="hint">{t("It is shown only now. If it gets lost, make another one.")}</p>
        <div class="dialog-buttons">
          <Button look="primary" autoFocus onClick={onClose}>
            {t("Done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Closed() {
  const owner = user.value?.role === "owner";
  return (
    <Notice>
      <p>
        {owner
          ? rich(
              "Only this machine itself is served now, so the link opens nowhere else. <a>Share on the network</a> first.",
              { a: (text) => <a href="/settings/network">{text}</a> },
            )
          : t(
              "Only this machine itself is served now, so the link opens nowhere else. Ask an owner to share on the network.",
            )}
      </p>
    </Notice>
  );
}
