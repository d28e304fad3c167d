import { useState } from "preact/hooks";
import { at } from "../api";
import { t } from "../language/t";
import type { Attached } from "../state/attached";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

interface ImageProps {
  one: Attached;
  /** Of a message that is being written. */
  onRemove?: () => void;
}

/** A picture that goes with a message, small; large when it is asked for. */
export function AttachedImage({ one, onRemove }: ImageProps) {
  const [open, setOpen] = useState(false);
  const { id, width, height } = one.image!;
  const picture = (
    <img src={`/api/images/${at(id)}`} alt={one.name} width={width} height={height} />
  );
  return (
    <li class={`attached picture ${onRemove ? "small" : ""}`}>
      <button type="button" title={one.name} onClick={() => setOpen(true)}>
        {picture}
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
          {picture}
          <div class="dialog-buttons">
            <Button look="primary" autoFocus onClick={() => setOpen(false)}>
              {t("Close")}
            </Button>
          </div>
        </Dialog>
      )}
    </li>
  );
}
