import { useEffect, useRef, useState } from "preact/hooks";
import { send, type Row } from "../state/chat";
import { Button } from "../ui/Button";
import { GrowingTextarea } from "./GrowingTextarea";

interface EditorProps {
  row: Row;
  text: string;
  onDone: () => void;
}

/** Sending makes a new version beside the old message. */
export function MessageEditor({ row, text, onDone }: EditorProps) {
  const [draft, setDraft] = useState(text);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const changed = draft.trim() !== "" && draft !== text;
  useEffect(() => box.current?.querySelector("textarea")?.focus(), []);

  const submit = async () => {
    if (!changed || busy) return;
    setBusy(true);
    // On failure the list comes back as it was, and this editor with it.
    if (await send(draft, row)) onDone();
    setBusy(false);
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
        if (event.key === "Escape") onDone();
      }}
    >
      <GrowingTextarea
        label="Edit message"
        value={draft}
        onChange={setDraft}
        onEnter={() => void submit()}
      />
      <div class="dialog-buttons">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" disabled={!changed || busy}>
          Send
        </Button>
      </div>
    </form>
  );
}
