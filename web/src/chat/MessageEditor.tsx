import { useEffect, useRef } from "preact/hooks";
import { t } from "../language/t";
import { send } from "../state/asking";
import { running, type Row } from "../state/chat";
import { endEdit, keepEdit } from "../state/edits";
import { Button } from "../ui/Button";
import { focusMessage } from "./focus";
import { GrowingTextarea } from "./GrowingTextarea";

interface EditorProps {
  row: Row;
  text: string;
  draft: string;
}

/** Sending makes a new version beside the old message. */
export function MessageEditor({ row, text, draft }: EditorProps) {
  const { id } = row.message.value;
  const box = useRef<HTMLFormElement>(null);
  const changed = draft.trim() !== "" && draft !== text;
  useEffect(() => box.current?.querySelector("textarea")?.focus(), []);

  const submit = async () => {
    if (!changed || running.peek()) return;
    focusMessage();
    // On failure the list comes back as it was, and this editor with it.
    if (await send(draft, row)) endEdit(id);
  };

  const cancel = () => {
    focusMessage(id);
    endEdit(id);
  };

  return (
    <form
      class="editor"
      ref={box}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") cancel();
      }}
    >
      <GrowingTextarea
        label={t("Edit message")}
        value={draft}
        onChange={(value) => keepEdit(id, value)}
        onEnter={() => void submit()}
      />
      <div class="dialog-buttons">
        <Button onClick={cancel}>{t("Cancel")}</Button>
        <Button type="submit" look="primary" disabled={!changed || running.value}>
          {t("Send")}
        </Button>
      </div>
    </form>
  );
}
