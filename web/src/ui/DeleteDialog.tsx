import type { ComponentChildren } from "preact";
import { t } from "../language/t";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Notice } from "./Notice";
import { useAction } from "./useAction";

interface DeleteDialogProps {
  title: string;
  /** What will be gone. */
  children: ComponentChildren;
  action?: string;
  onDelete: () => Promise<void>;
  onClose: () => void;
}

export function DeleteDialog({
  title,
  children,
  action = t("Delete"),
  onDelete,
  onClose,
}: DeleteDialogProps) {
  const { run, busy, error } = useAction(onDelete);
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      {error && <Notice>{error}</Notice>}
      <div class="dialog-buttons">
        <Button autoFocus onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button look="danger" busy={busy} onClick={() => void run()}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
