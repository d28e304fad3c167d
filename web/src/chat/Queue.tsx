import { msg, t } from "../language/t";
import { attached } from "../state/attached";
import { held, queue, sendNow, unqueue, type Waiting } from "../state/queue";
import { IconButton } from "../ui/Button";
import type { Pen } from "./pen";

const reasons = {
  failed: msg("The answer did not end well, so this was not sent."),
  stopped: msg("The answer was stopped, so this was not sent."),
  refused: msg("This could not be sent."),
  left: msg("The answer ended while nobody was here, so this was not sent."),
};

/** What is sent when the answer has ended. */
export function Queue({ pen }: { pen: Pen }) {
  if (!queue.value.length) return null;
  const edit = (one: Waiting) => {
    unqueue(one.id);
    pen.write([one.content, pen.text].filter((text) => text.trim()).join("\n\n"));
    attached.value = [...one.attached, ...attached.peek()];
    pen.area.current?.focus();
  };
  const nameOf = (one: Waiting) => one.content.trim() || one.attached[0]!.name;
  const why = held.value;
  return (
    <section class="waiting-messages" aria-label={t("Waiting to be sent")}>
      <p class="hint" role={why ? "status" : undefined}>
        {why ? t(reasons[why]) : t("Sent when the answer has ended:")}
      </p>
      <ul class="rows-plain">
        {queue.value.map((one) => (
          <li key={one.id}>
            <p>{nameOf(one)}</p>
            <IconButton icon="send" label={t("Send now")} onClick={() => void sendNow(one)} />
            <IconButton icon="edit" label={t("Edit")} onClick={() => edit(one)} />
            <IconButton
              icon="trash"
              label={t("Remove")}
              onClick={() => {
                unqueue(one.id);
                pen.area.current?.focus();
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
