import { t } from "../language/t";
import type { Row } from "../state/chat";
import { beside } from "../state/beside";
import { textOf } from "../state/thread";
import { lazy } from "../ui/lazy";
import { Boundary } from "./Boundary";
import { UserMessage } from "./UserMessage";
import { AssistantMessage } from "./AssistantMessage";
import "./message.css";

const Waiting = () => <p aria-busy="true" />;
const Compared = lazy(() => import("./Compared").then((m) => m.Compared), Waiting);

interface MessageProps {
  row: Row;
  /** Not known before all are read: each older one would change that of all others, and draw them anew. */
  position: number | undefined;
  last: boolean;
}

export function Message({ row, position, last }: MessageProps) {
  const { role, id } = row.message.value;
  const label = `${row.key}-label`;
  return (
    <article
      class={`message ${role} ${last ? "last" : ""}`}
      aria-posinset={position}
      // It grows with each question: the count would draw all the others anew.
      aria-setsize={-1}
      aria-labelledby={label}
      data-id={id}
      tabIndex={-1}
    >
      <h2 class="visually-hidden" id={label}>
        {role === "user" ? t("You asked") : t("Answer")}
      </h2>
      <Boundary instead={<p class="plain-text">{textOf(row.message.value)}</p>}>
        {role === "user" ? (
          <UserMessage row={row} />
        ) : beside.value?.key === row.key ? (
          <Compared row={row} />
        ) : (
          <AssistantMessage row={row} last={last} />
        )}
      </Boundary>
    </article>
  );
}
