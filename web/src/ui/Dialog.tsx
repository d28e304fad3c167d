import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  /** False: Escape does nothing, there is something to answer first. */
  dismissible?: boolean;
  class?: string;
}

/** Modal. The browser keeps the focus inside and gives it back afterwards. */
export function Dialog({ title, children, onClose, dismissible = true, class: name }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const open = useRef(true);
  useLayoutEffect(() => {
    const dialog = ref.current!;
    const opener = document.activeElement;
    dialog.showModal();
    return () => {
      open.current = false;
      // While it is open the rest of the page takes no focus.
      dialog.close();
      // A removed dialog gives nothing back by itself.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${name ?? ""}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (dismissible) onClose();
      }}
      onClose={() => {
        // Browsers let a second Escape through whatever the page says.
        if (!open.current) return;
        if (dismissible) onClose();
        else ref.current?.showModal();
      }}
      onClick={(event) => {
        if (dismissible && event.target === ref.current) onClose();
      }}
    >
      <div class="dialog-body">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
