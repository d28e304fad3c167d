import { useEffect, useRef } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { tell } from "../state/chat";
import { bringBack, undoable } from "../state/order";
import { announce } from "../ui/announce";
import { Button, IconButton } from "../ui/Button";

/** The way back for what has just been put away; what is archived or in the trash is in the settings later. */
export function Undo() {
  const away = undoable.value;
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // What had the focus has gone with its row.
    if (document.activeElement === document.body) section.current?.querySelector("button")?.focus();
  }, [away]);
  if (!away) return null;
  const title = <strong>{away.title}</strong>;
  const undo = async () => {
    try {
      await bringBack(away);
      announce(t("{title} is back", { title: away.title }));
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>(`.conversation a[href="/c/${away.id}"]`)?.focus(),
      );
    } catch (error) {
      tell(error);
    }
  };
  return (
    <section ref={section} class="put-away" aria-label={t("Put away")}>
      <p>
        {away.place === "trash"
          ? rich("{title} deleted", { title })
          : rich("{title} archived", { title })}
      </p>
      <Button onClick={() => void undo()}>{t("Undo")}</Button>
      <IconButton icon="close" label={t("Dismiss")} onClick={() => (undoable.value = null)} />
    </section>
  );
}
