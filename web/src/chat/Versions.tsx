import { number, t } from "../language/t";
import { running } from "../state/chat";
import { showVersion } from "../state/versions";
import type { Message } from "../types";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/Button";
import { focusMessage } from "./focus";

export function Versions({ message }: { message: Message }) {
  const { siblings, id } = message;
  if (siblings.length < 2) return null;
  const at = siblings.indexOf(id);
  const show = async (to: number) => {
    await showVersion(siblings[to]!);
    focusMessage(siblings[to]);
    announce(t("Version {n} of {all}", { n: to + 1, all: siblings.length }));
  };
  return (
    <span class="versions" role="group" aria-label={t("Versions")}>
      <IconButton
        icon="left"
        label={t("Previous version")}
        disabled={at <= 0 || running.value}
        onClick={() => void show(at - 1)}
      />
      <span>
        {number(at + 1)}/{number(siblings.length)}
      </span>
      <IconButton
        icon="right"
        label={t("Next version")}
        disabled={at >= siblings.length - 1 || running.value}
        onClick={() => void show(at + 1)}
      />
    </span>
  );
}
