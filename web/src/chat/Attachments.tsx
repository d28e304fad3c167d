import { t } from "../language/t";
import type { Attached } from "../state/attached";
import { AttachedImage } from "./AttachedImage";
import { AttachedText } from "./AttachedText";
import "./attached.css";

interface AttachmentsProps {
  list: readonly Attached[];
  /** Of a message that is being written. */
  onRemove?: (one: Attached) => void;
  onInline?: (one: Attached) => void;
}

/** What goes with a message. */
export function Attachments({ list, onRemove, onInline }: AttachmentsProps) {
  if (!list.length) return null;
  return (
    <ul class="attachments" aria-label={t("Attachments")}>
      {list.map((one) => {
        const remove = onRemove && (() => onRemove(one));
        const inline = onInline && (() => onInline(one));
        return one.image ? (
          <AttachedImage key={one.name} one={one} onRemove={remove} />
        ) : (
          <AttachedText key={one.name} one={one} onRemove={remove} onInline={inline} />
        );
      })}
    </ul>
  );
}
