import { useEffect } from "preact/hooks";
import { t } from "../language/t";
import { SlashMenu } from "../prompts/SlashMenu";
import { attached, type Attached } from "../state/attached";
import { detach, followAttached, noPictures } from "../state/attaching";
import { model } from "../state/models";
import { followQueue } from "../state/queue";
import { Attachments } from "./Attachments";
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
  const blind = attached.value.some((one) => one.image) && model.value && !model.value.images;
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
      <Attachments
        list={attached.value}
        onRemove={(one) => {
          detach(one);
          pen.area.current?.focus();
        }}
        onInline={inline}
      />
      {blind && (
        <p class="hint blind" role="status">
          {noPictures()}
        </p>
      )}
      {over && <div class="drop-files">{t("Drop files to ask about them")}</div>}
    </>
  );
}
