import { useRef } from "preact/hooks";
import { t } from "../language/t";

interface RenameProps {
  name: string;
  label?: string;
  maxLength?: number;
  /** Also called when nothing changed. */
  onDone: (name: string) => void;
}

/** In the place of a name. Enter and leaving take what was written, Escape does not. */
export function RenameField({ name, label = t("New name"), maxLength = 200, onDone }: RenameProps) {
  const done = useRef(false);
  const finish = (text: string) => {
    // Leaving the field by Enter or Escape takes the focus away too.
    if (!done.current) onDone(text);
    done.current = true;
  };
  return (
    <input
      class="rename"
      aria-label={label}
      maxLength={maxLength}
      defaultValue={name}
      ref={(field) => {
        if (!field || field === document.activeElement) return;
        field.focus();
        field.select();
      }}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish(event.currentTarget.value);
        if (event.key !== "Escape") return;
        // Not the drawer around it.
        event.preventDefault();
        event.stopPropagation();
        finish(name);
      }}
    />
  );
}
