import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../language/t";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

interface ItemProps {
  name: string;
  class?: string;
  /** Said by the mouse, where the name is not written. */
  title?: string;
  face: ComponentChildren;
  /** What is shown when it is asked for. */
  whole: ComponentChildren;
  /** Beside Close; given the way to close. */
  buttons?: (close: () => void) => ComponentChildren;
  /** Of a message that is being written. */
  onRemove?: (() => void) | undefined;
}

/** What goes with a message: small, and whole in a dialog. */
export function AttachedItem({ name, title, face, whole, buttons, onRemove, ...rest }: ItemProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <li class={`attached ${rest.class ?? ""}`}>
      <button type="button" title={title} onClick={() => setOpen(true)}>
        {face}
      </button>
      {onRemove && (
        <IconButton icon="close" label={t("Remove {name}", { name })} onClick={() => onRemove()} />
      )}
      {open && (
        <Dialog class="attached-dialog" title={name} onClose={close}>
          {whole}
          <div class="dialog-buttons">
            {buttons?.(close)}
            <Button look="primary" autoFocus onClick={close}>
              {t("Close")}
            </Button>
          </div>
        </Dialog>
      )}
    </li>
  );
}
