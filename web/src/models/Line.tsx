import { duration, facts } from "../language/formats";
import { t } from "../language/t";
import { engine, names, servers } from "../state/servers";
import type { Waiter } from "../types";

/** Who waits where; nothing while nobody does. */
export function Line() {
  const inside = engine.value
    ? [{ name: t("Built-in engine"), waiting: engine.value.waiting }]
    : [];
  const lines = [...(servers.value ?? []), ...inside].filter((one) => one.waiting.length);
  if (!lines.length) return null;
  return (
    <section aria-labelledby="line">
      <h2 id="line">{t("Who waits")}</h2>
      {lines.map(({ name, waiting }) => (
        <ol key={name} aria-label={name} class="rows trail">
          {waiting.map((one, at) => (
            <li key={at}>
              <div class="gist">
                <strong>{nameOf(one)}</strong>
                <p class="hint">{facts([name, ...times(one)])}</p>
              </div>
            </li>
          ))}
        </ol>
      ))}
    </section>
  );
}

const times = ({ waited, place }: Waiter) => [
  t("waits for {time}", { time: duration(waited) }),
  place?.seconds == null ? "" : t("about {time} more", { time: duration(place.seconds) }),
];

const nameOf = ({ user_id }: Waiter) =>
  user_id ? (names.value.get(user_id) ?? t("Somebody")) : t("Work in the background");
