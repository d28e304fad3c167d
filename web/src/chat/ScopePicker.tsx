import { useEffect, useId, useRef, useState } from "preact/hooks";
import { openId, scope } from "../state/chat";
import { collections, hasDocuments, recount } from "../state/collections";
import { saveScope } from "../state/documentScope";
import { reachOf, scopeName } from "../state/scopes";
import { Icon } from "../ui/Icon";
import { placeBeside } from "../ui/place";
import { ScopeChoices } from "./ScopeChoices";

/** Which documents the answers draw on. Not there at all for who has none. */
export function ScopePicker() {
  const [open, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const now = scope.value;
  useEffect(() => void recount(), [openId.value]);
  useEffect(() => {
    if (!open) return;
    const place = () => placeBeside(button.current, panel.current);
    // It grows when a list of documents comes.
    const watch = new ResizeObserver(place);
    watch.observe(panel.current!);
    // The page around it takes its new form only then.
    const placeSoon = () => requestAnimationFrame(place);
    addEventListener("resize", placeSoon);
    return () => {
      watch.disconnect();
      removeEventListener("resize", placeSoon);
      // Closed, or gone with its view.
      void saveScope();
    };
  }, [open]);
  if (!hasDocuments.value && !now) return null;
  const name = scopeName(now, collections.value ?? []);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`quiet scope ${reachOf(now)}`}
        title="Documents to answer from"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={id}
        popovertarget={id}
      >
        <Icon name="library" />
        <span class="visually-hidden">Answer from:</span> <span>{name}</span>
      </button>
      <div
        ref={panel}
        id={id}
        class="scope-panel floating"
        role="dialog"
        aria-label="Documents to answer from"
        popover="auto"
        onToggle={() => {
          const shown = panel.current?.matches(":popover-open") ?? false;
          setOpen(shown);
          if (shown) placeBeside(button.current, panel.current);
        }}
      >
        {open && <ScopeChoices />}
      </div>
    </>
  );
}
