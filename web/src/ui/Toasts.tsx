import { useEffect, useRef } from "preact/hooks";
import { t } from "../language/t";
import { Button, IconButton } from "./Button";
import { focusMain } from "./focusMain";
import { Icon } from "./Icon";
import { dismiss, type Toast, toasts } from "./toasts";
import "../settings/sheet.css";

/** Long enough to read it, find its button and change one's mind; what failed stays. */
const SECONDS = 20;

/** Polite, at the foot of the page. It never takes the focus, and gives back what was given to it. */
export function Toasts() {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLElement | null>(null);

  useEffect(() => {
    // Above a modal dialog, too.
    const popover = list.current!;
    if (popover.matches(":popover-open")) popover.hidePopover();
    if (toasts.value.length) popover.showPopover();
  }, [toasts.value]);

  const close = (toast: Toast) => {
    const inside = list.current?.contains(document.activeElement);
    dismiss(toast);
    if (!inside) return;
    if (before.current?.isConnected) before.current.focus({ preventScroll: true });
    else focusMain();
  };

  return (
    <div
      ref={list}
      class="toasts"
      popover="manual"
      role="region"
      aria-label={t("Notifications")}
      onFocusIn={(event) => {
        const from = event.relatedTarget as HTMLElement | null;
        if (from && !list.current?.contains(from)) before.current = from;
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        const last = toasts.peek().at(-1);
        if (last) close(last);
      }}
    >
      {toasts.value.map((toast) => (
        <One key={toast.key} toast={toast} onClose={() => close(toast)} />
      ))}
    </div>
  );
}

function One({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (toast.failed) return;
    let left = SECONDS;
    const timer = setInterval(() => {
      // Nobody is hurried who has his hand on it.
      if (box.current?.matches(":hover, :focus-within")) left = SECONDS;
      else if (!document.hidden && --left <= 0) onClose();
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  const act = () => {
    onClose();
    toast.action!.run();
  };
  return (
    <div
      ref={box}
      class={`toast ${toast.failed ? "failed" : ""}`}
      role={toast.failed ? "alert" : undefined}
    >
      {toast.failed && <Icon name="alert" />}
      <p>{toast.text}</p>
      {toast.action && <Button onClick={act}>{toast.action.label}</Button>}
      <IconButton icon="close" label={t("Dismiss")} onClick={onClose} />
    </div>
  );
}
