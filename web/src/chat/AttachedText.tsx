import { plural, t } from "../language/t";
import type { Attached } from "../state/attached";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { AttachedItem } from "./AttachedItem";

interface AttachedProps {
  one: Attached;
  /** Of a message that is being written. */
  onRemove?: () => void;
  onInline?: () => void;
}

/** A text that goes with a message: its name and size, and the text itself when it is asked for. */
export function AttachedText({ one, onRemove, onInline }: AttachedProps) {
  return (
    <AttachedItem
      name={one.name}
      face={
        <>
          <Icon name="wrap" />
          <span class="attached-name">{one.name}</span>
          <span class="hint">{plural(one.text.length, "{n} character", "{n} characters")}</span>
        </>
      }
      whole={<pre tabIndex={0}>{one.text}</pre>}
      buttons={(close) => (
        <>
          <CopyButton label={t("Copy")} text={() => one.text} />
          {onInline && (
            <Button
              onClick={() => {
                close();
                onInline();
              }}
            >
              {t("Put into the message instead")}
            </Button>
          )}
        </>
      )}
      onRemove={onRemove}
    />
  );
}
