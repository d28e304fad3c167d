import { useState } from "preact/hooks";
import { plural, t } from "../language/t";
import type { Attached } from "../state/attached";
import { Button, IconButton } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";

interface AttachedProps {
  one: Attached;
  /** Of a message that is being written. */
  onRemove?: () => void;
  onInline?: () => void;
}

/** A text that goes with a message: its name and size, and the text itself when it is asked for. */
export function AttachedText({ one, onRemove, onInline }: AttachedProps) {
  const [open, setOpen] = useState(false);
  return (
    <li class="attached">
      <button type="button" onClick={() => setOpen(true)}>
        <Icon name="wrap" />
        <span class="attached-name">{one.name}</span>
        <span class="hint">{plural(one.text.length, "{n} character", "{n} characters")}</span>
      </button>
      {onRemove && (
        <IconButton
          icon="close"
          label={t("Remove {name}", { name: one.name })}
          onClick={() => onRemove()}
        />
      )}
      {open && (
        <Dialog class="attached-dialog" title={one.name} onClose={() => setOpen(false)}>
          <pre tabIndex={0}>{one.text}</pre>
          <div class="dialog-buttons">
            <CopyButton label={t("Copy")} text={() => one.text} />
            {onInline && (
              <Button
                onClick={() => {
                  setOpen(false);
                  onInline();
                }}
              >
                {t("Put into the message instead")}
              </Button>
            )}
            <Button look="primary" autoFocus onClick={() => setOpen(false)}>
              {t("Close")}
            </Button>
          </div>
        </Dialog>
      )}
    </li>
  );
}
