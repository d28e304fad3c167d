import { msg, t } from "../language/t";
import { calledName } from "../state/session";
import { starters, suggestion } from "./suggestion";
import "./welcome.css";

const suggestions = [
  msg("Explain the difference between a router and a switch"),
  msg("Write a polite reminder about an unpaid invoice"),
  msg("Draft an agenda for a one-hour team meeting"),
  msg("Turn this list into a table: "),
];

export function Welcome() {
  return (
    <div class="welcome">
      <h2>{t("Hello, {name}", { name: calledName.value })}</h2>
      <p>{t("Ask anything. Questions and answers stay on this appliance.")}</p>
      <ul>
        {(starters.value.length ? starters.value : suggestions.map((text) => t(text))).map(
          (text) => (
            <li key={text}>
              <button type="button" onClick={() => (suggestion.value = text)}>
                {text.trim()}
              </button>
            </li>
          ),
        )}
      </ul>
    </div>
  );
}
