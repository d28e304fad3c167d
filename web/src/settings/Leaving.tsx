import { useState } from "preact/hooks";
import { t } from "../language/t";
import { ownApi } from "../ownApi";
import { away } from "../state/account";
import { user } from "../state/session";
import type { Belongings } from "../types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { FormEnd } from "../ui/FormEnd";
import { useAction } from "../ui/useAction";
import { Counts } from "./YourData";

export function Leaving({ own }: { own: Belongings }) {
  const [asking, setAsking] = useState(false);
  if (!own.may_leave) {
    return (
      <p>
        {t(
          "You are the only owner here, and somebody has to look after this appliance. Make somebody else an owner first, then you can delete your account.",
        )}
      </p>
    );
  }
  return (
    <>
      <p>
        {t(
          "Everything of yours is deleted for good, at once. Export it before if you may need it.",
        )}
      </p>
      <Button look="danger" onClick={() => setAsking(true)}>
        {t("Delete my account…")}
      </Button>
      {asking && <LeaveDialog own={own} onClose={() => setAsking(false)} />}
    </>
  );
}

function LeaveDialog({ own, onClose }: { own: Belongings; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [password, setPassword] = useState("");
  const { name } = user.value!;
  const leave = useAction(async () => {
    await ownApi.leave(typed, password);
    away();
  });
  return (
    <Dialog title={t("Delete your account?")} onClose={onClose}>
      <p>{t("This goes for good, on all your devices. There is no way back.")}</p>
      <Counts own={own} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void leave.run();
        }}
      >
        <Field
          label={t("Type your user name, {name}", { name })}
          autoFocus
          maxLength={256}
          value={typed}
          onChange={setTyped}
        />
        <Field
          label={t("Your password")}
          type="password"
          autoComplete="current-password"
          maxLength={256}
          value={password}
          onChange={setPassword}
        />
        <FormEnd
          action={t("Delete everything")}
          look="danger"
          busy={leave.busy}
          error={leave.error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
