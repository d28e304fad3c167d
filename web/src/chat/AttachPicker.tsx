import { useRef } from "preact/hooks";
import { t } from "../language/t";
import { IconButton } from "../ui/Button";
import { takeFiles } from "./incoming";

/** For those who have no files to drag. */
export function AttachPicker() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="plus" label={t("Attach files")} onClick={() => input.current!.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("Attach files")}
        onChange={(event) => {
          const files = [...event.currentTarget.files!];
          // The same file again is a change, too.
          event.currentTarget.value = "";
          void takeFiles(files);
        }}
      />
    </>
  );
}
