import { useEffect } from "preact/hooks";
import { t } from "../language/t";
import { SlashMenu } from "../prompts/SlashMenu";
import { attached, type Attached } from "../state/attached";
import { detach, followAttached } from "../state/attaching";
import { followQueue } from "../state/queue";
import { AttachedText } from "./AttachedText";
import { LibraryOffer } from "./LibraryOffer";
import { type Pen, typeOver } from "./pen";
import { Queue } from "./Queue";
import { useDraftSync } from "./useDraftSync";
import { useIncoming, useStopByEscape } from "./useIncoming";
import "./more.css";

/** What helps with a message, and nobody needs for its first letter. */
export function ComposerMore({ pen }: { pen: Pen }) {
  useDraftSync(pen);
  useStopByEscape();
  useEffect(() => followAttached(), []);
  useEffect(() => followQueue(), []);
  const over = useIncoming(pen);
  const inline = (one: Attached) => {
    detach(one);
    // Once the dialog has given the focus back.
    requestAnimationFrame(() => {
      const area = pen.area.current!;
      typeOver(area, area.selectionStart, area.selectionEnd, one.text);
    });
  };
  return (
    <>
      <SlashMenu pen={pen} />
      <Queue pen={pen} />
      <LibraryOffer />
      {attached.value.length > 0 && (
        <ul class="attachments" aria-label={t("Attachments")}>
          {attached.value.map((one) => (
            <AttachedText
              key={one.name}
              one={one}
              onRemove={() => {
                detach(one);
                pen.area.current?.focus();
              }}
              onInline={() => inline(one)}
            />
          ))}
        </ul>
      )}
      {over && <div class="drop-files">{t("Drop files to ask about them")}</div>}
    </>
  );
}
