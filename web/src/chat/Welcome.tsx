import { user } from "../state/session";
import { starters, suggestion } from "./suggestion";
import "./welcome.css";

const suggestions = [
  "Explain the difference between a router and a switch",
  "Write a polite reminder about an unpaid invoice",
  "Draft an agenda for a one-hour team meeting",
  "Turn this list into a table: ",
];

export function Welcome() {
  return (
    <div class="welcome">
      <h2>Hello, {user.value?.name}</h2>
      <p>Ask anything. Questions and answers stay on this appliance.</p>
      <ul>
        {(starters.value.length ? starters.value : suggestions).map((text) => (
          <li key={text}>
            <button type="button" onClick={() => (suggestion.value = text)}>
              {text.trim()}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
