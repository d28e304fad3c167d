import { t } from "../language/t";
import { beside } from "../state/beside";
import type { Row } from "../state/chat";
import { isRunning, keepAnswer, stopAnswer } from "../state/comparing";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { AssistantMessage } from "./AssistantMessage";
import { focusMessage } from "./focus";
import "./compared.css";

/** Two answers to one question, until one of them is kept. */
export function Compared({ row }: { row: Row }) {
  const other = beside.value;
  if (!other) return null;
  return (
    <div class="compared">
      <Side row={row} />
      <Side row={{ key: `${row.key}-beside`, message: other.message }} />
    </div>
  );
}

function Side({ row }: { row: Row }) {
  const message = row.message.value;
  const name = message.answer?.model.replace(/^[^/]*\//, "") ?? "";
  const keep = async () => {
    await keepAnswer(message.id);
    focusMessage();
    announce(t("Kept. The other answer is a version of it"));
  };
  return (
    <section aria-label={name}>
      <header>
        <h3>{name}</h3>
        {isRunning(message) && (
          <Button
            aria-label={t("Stop {name}", { name })}
            onClick={() => void stopAnswer(message.id)}
          >
            {t("Stop")}
          </Button>
        )}
        <Button
          look={isRunning(message) ? "plain" : "primary"}
          aria-label={t("Keep the answer of {name}", { name })}
          disabled={message.id.startsWith("expected-")}
          onClick={() => void keep()}
        >
          {t("Keep this one")}
        </Button>
      </header>
      <AssistantMessage row={row} last={false} />
    </section>
  );
}
