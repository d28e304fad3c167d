import { useEffect, useState } from "preact/hooks";
import { asking, running, tell } from "../state/chat";
import { takeFiles, takePaste } from "./incoming";
import type { Pen } from "./pen";

const hasFiles = (event: DragEvent) => !!event.dataTransfer?.types.includes("Files");

/** Pastes into the message, and files dropped anywhere on the conversation; whether files hang over it. */
export function useIncoming({ area }: Pen): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const box = area.current!;
    const view = box.closest<HTMLElement>(".view")!;
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData && takePaste(event.clipboardData)) event.preventDefault();
    };
    const drag = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node) || !view.contains(to)) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void takeFiles([...event.dataTransfer!.files]);
      box.focus();
    };
    box.addEventListener("paste", paste);
    view.addEventListener("dragover", drag);
    view.addEventListener("dragleave", leave);
    view.addEventListener("drop", drop);
    return () => {
      box.removeEventListener("paste", paste);
      view.removeEventListener("dragover", drag);
      view.removeEventListener("dragleave", leave);
      view.removeEventListener("drop", drop);
    };
  }, []);
  return over;
}

const PLACES = "body, main, article, .composer textarea";

/** Escape stops the answer, where nothing else is open that it would close. */
export function useStopByEscape() {
  useEffect(() => {
    const stop = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (!running.peek() || document.querySelector("dialog[open], :popover-open")) return;
      // What has the focus may have something of its own to close.
      if (event.target instanceof Element && !event.target.matches(PLACES)) return;
      event.preventDefault();
      void asking().then((a) => a.stop(), tell);
    };
    document.addEventListener("keydown", stop);
    return () => document.removeEventListener("keydown", stop);
  }, []);
}
