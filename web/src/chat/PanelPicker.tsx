import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "../ui/Icon";
import { placeBeside } from "../ui/place";

interface PanelProps {
  icon: IconName;
  /** Of the panel. */
  title: string;
  /** What is chosen, and before it for who does not see the icon, of what. */
  name: string;
  of: string;
  look: string;
  /** The icon says it where there is little room. */
  brief?: boolean;
  onClose?: () => void;
  children: ComponentChildren;
}

/** A choice below the message that needs more room than a list of names. */
export function PanelPicker({ icon, title, name, of, look, brief, onClose, children }: PanelProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const place = () => placeBeside(button.current, panel.current);
    // It grows when a list comes.
    const watch = new ResizeObserver(place);
    watch.observe(panel.current!);
    // The page around it takes its new form only then.
    const placeSoon = () => requestAnimationFrame(place);
    addEventListener("resize", placeSoon);
    return () => {
      watch.disconnect();
      removeEventListener("resize", placeSoon);
      // Closed, or gone with its view.
      onClose?.();
    };
  }, [open]);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`quiet scope ${look}`}
        title={title}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={id}
        popovertarget={id}
      >
        <Icon name={icon} />
        <span class="visually-hidden">{of}</span>{" "}
        <span class={brief ? "visually-hidden" : ""}>{name}</span>
      </button>
      <div
        ref={panel}
        id={id}
        class="scope-panel floating"
        role="dialog"
        aria-label={title}
        popover="auto"
        onToggle={() => {
          const shown = panel.current?.matches(":popover-open") ?? false;
          setOpen(shown);
          if (shown) placeBeside(button.current, panel.current);
        }}
      >
        {open && children}
      </div>
    </>
  );
}
