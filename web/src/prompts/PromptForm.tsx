import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { unknown } from "../personas/prompt";
import type { PromptFields } from "../promptsApi";
import { savePrompt } from "../state/prompts";
import { announce } from "../ui/announce";
import { Field, Texts } from "../ui/Field";
import { FormEnd } from "../ui/FormEnd";
import { useAction } from "../ui/useAction";

export interface Editing extends PromptFields {
  /** Null: a new one. */
  id: string | null;
}

interface FormProps {
  editing: Editing;
  onClose: () => void;
}

export function PromptForm({ editing, onClose }: FormProps) {
  const [name, setName] = useState(editing.name);
  const [text, setText] = useState(editing.text);
  const saving = useAction(savePrompt);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!(await saving.run(editing.id, { name, text }))) return;
    announce(t("Prompt saved"));
    onClose();
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <h2 ref={heading} tabIndex={-1}>
        {editing.id ? t("Edit {name}", { name: editing.name }) : t("New prompt")}
      </h2>
      <Field
        label={t("Name")}
        hint={t("What you type after / to find it.")}
        maxLength={100}
        value={name}
        onChange={setName}
      />
      <Texts
        label={t("Text")}
        hint={<Variables text={text} />}
        rows={10}
        maxLength={20_000}
        value={text}
        onChange={setText}
      />
      <FormEnd action={t("Save")} busy={saving.busy} error={saving.error} onClose={onClose} />
    </form>
  );
}

/** What becomes of the names in double braces. */
function Variables({ text }: { text: string }) {
  const asked = unknown(text);
  const known = ["user", "date", "model"].map((one) => `{{${one}}}`).join(", ");
  return (
    <>
      {t("{variables} are filled in; any other name in double braces is asked for.", {
        variables: known,
      })}
      {asked.length > 0 && (
        <>
          {" "}
          <strong>{t("Asked for: {names}", { names: asked.join(", ") })}</strong>
        </>
      )}
    </>
  );
}
