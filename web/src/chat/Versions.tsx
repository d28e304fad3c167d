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
    announce(`Version ${to + 1} of ${siblings.length}`);
  };
  return (
    <span class="versions" role="group" aria-label="Versions">
      <IconButton
        icon="left"
        label="Previous version"
        disabled={at <= 0 || running.value}
        onClick={() => void show(at - 1)}
      />
      <span>
        {at + 1}/{siblings.length}
      </span>
      <IconButton
        icon="right"
        label="Next version"
        disabled={at >= siblings.length - 1 || running.value}
        onClick={() => void show(at + 1)}
      />
    </span>
  );
}
