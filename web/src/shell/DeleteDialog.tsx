import type { Conversation } from "../types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

interface DeleteDialogProps {
  conversation: Conversation;
  onDelete: () => Promise<void>;
  onClose: () => void;
}

export function DeleteDialog({ conversation, onDelete, onClose }: DeleteDialogProps) {
  const { run, busy, error } = useAction(onDelete);
  return (
    <Dialog title="Delete this conversation?" onClose={onClose}>
      <p>
        <strong>{conversation.title}</strong> and all its messages will be gone for good.
      </p>
      {error && <Notice>{error}</Notice>}
      <div class="dialog-buttons">
        <Button autoFocus onClick={onClose}>
          Cancel
        </Button>
        <Button look="danger" busy={busy} onClick={() => void run()}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
