import { msg, t } from "../language/t";
import { sendKey } from "../state/prefs";
import { Choices } from "./Choices";

const keys: [typeof sendKey.value, string][] = [
  ["enter", msg("Enter")],
  ["control", msg("Ctrl + Enter")],
];

export function Writing() {
  return (
    <section aria-labelledby="writing">
      <h2 id="writing">{t("Writing")}</h2>
      <Choices name={t("A message is sent with")} of={sendKey} choices={keys} />
      <p class="hint">
        {t("Shift + Enter always begins a new line. On a touch screen Enter does, too.")}
      </p>
    </section>
  );
}
