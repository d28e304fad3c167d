import { useState } from "preact/hooks";
import { t } from "../language/t";
import type { ServerFields } from "../serversApi";
import { addServer, changeServer } from "../state/servers";
import type { Server } from "../types";
import { announce } from "../ui/announce";
import { Dialog } from "../ui/Dialog";
import { Amount, Field } from "../ui/Field";
import { FormEnd } from "../ui/FormEnd";
import { useAction } from "../ui/useAction";

const EMPTY: ServerFields = { name: "", url: "", key: "", images: false, slots: null };

/** What is given that was not so before; a key that is not typed stays as it is. */
function changesOf(before: Server, fields: ServerFields): Partial<ServerFields> {
  const given = Object.entries(fields).filter(([name, value]) =>
    name === "key" ? value !== "" : value !== before[name as keyof Server],
  );
  return Object.fromEntries(given);
}

/** To add one, or to change the one given. */
export function ServerDialog({ server, onClose }: { server?: Server; onClose: () => void }) {
  const [fields, setFields] = useState<ServerFields>(
    server
      ? { ...EMPTY, name: server.name, url: server.url, images: server.images, slots: server.slots }
      : EMPTY,
  );
  const [keyless, setKeyless] = useState(false);
  const set = (change: Partial<ServerFields>) => setFields((all) => ({ ...all, ...change }));
  const { run, busy, error } = useAction(async () => {
    const key = keyless ? { key: "" } : {};
    if (server) await changeServer(server.id, { ...changesOf(server, fields), ...key });
    else await addServer(fields);
    const { name } = fields;
    announce(server ? t("{name} is changed", { name }) : t("{name} is added", { name }));
    onClose();
  });
  const title = server ? t("Change {name}", { name: server.name }) : t("Add a model server");
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Field
          label={t("Name")}
          hint={t("As people choose it, without spaces.")}
          autoFocus
          maxLength={40}
          value={fields.name}
          onChange={(name) => set({ name })}
        />
        <Field
          label={t("Address")}
          hint={t("It mostly ends in /v1, such as http://192.168.1.20:8000/v1")}
          maxLength={300}
          value={fields.url}
          onChange={(url) => set({ url })}
        />
        <Field
          label={t("Key")}
          type="password"
          autoComplete="new-password"
          hint={
            server?.key
              ? t("It has one. Leave this empty to keep it; another address needs it again.")
              : t("Only if the server asks for one. It is kept encrypted and never shown again.")
          }
          optional
          maxLength={500}
          value={fields.key}
          onChange={(key) => set({ key })}
        />
        {server?.key && (
          <Check checked={keyless} onChange={setKeyless}>
            {t("Take its key away")}
          </Check>
        )}
        <Amount
          label={t("Answers at once")}
          hint={t("Further questions wait in line, and everybody gets the same share.")}
          empty={t("as many as are asked")}
          min={1}
          max={1000}
          step={1}
          value={fields.slots}
          onChange={(slots) => set({ slots })}
        />
        <Check checked={fields.images} onChange={(images) => set({ images })}>
          {t("Its models take pictures, though they do not say so")}
        </Check>
        <FormEnd
          action={server ? t("Save") : t("Add")}
          busy={busy}
          error={error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

interface CheckProps {
  checked: boolean;
  children: string;
  onChange: (checked: boolean) => void;
}

const Check = ({ checked, children, onChange }: CheckProps) => (
  <label class="check">
    <input
      type="checkbox"
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
    {children}
  </label>
);
