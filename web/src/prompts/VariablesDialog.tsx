import { useState } from "preact/hooks";
import { GrowingTextarea } from "../chat/GrowingTextarea";
import { t } from "../language/t";
import { unknown } from "../personas/prompt";
import type { Prompt } from "../types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

interface VariablesProps {
  prompt: Prompt;
  onFill: (values: Record<string, string>) => void;
  onClose: () => void;
}

/** Asks for what a prompt leaves open. */
export function VariablesDialog({ prompt, onFill, onClose }: VariablesProps) {
  const names = unknown(prompt.text);
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(names.map((name) => [name, ""])),
  );
  const fill = () => {
    // The dialog gives the focus back as it closes, and the text goes where it was.
    onClose();
    requestAnimationFrame(() => onFill(values));
  };
  return (
    <Dialog title={prompt.name} onClose={onClose}>
      <div class="variables">
        {names.map((name) => (
          <div key={name} class="field">
            <span aria-hidden="true">{name.replaceAll("_", " ")}</span>
            <GrowingTextarea
              label={name.replaceAll("_", " ")}
              value={values[name]!}
              onChange={(value) => setValues((before) => ({ ...before, [name]: value }))}
              onEnter={fill}
            />
          </div>
        ))}
        <div class="dialog-buttons">
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="primary" onClick={fill}>
            {t("Insert")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
