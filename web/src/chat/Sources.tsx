import { passageAddress, placeName } from "../state/addresses";
import type { Message, Source } from "../types";
import "./sources.css";

export function sourcesOf(message: Message): Source[] {
  return message.parts.flatMap((part) => (part.type === "sources" ? part.items : []));
}

/** What the model was given to answer from. */
export function Sources({ items }: { items: Source[] }) {
  return (
    <details class="sources">
      <summary>{items.length === 1 ? "1 source" : `${items.length} sources`}</summary>
      <ul class="source-list">
        {items.map((one) => (
          <li key={one.id}>
            <span class="source-number">{one.number}</span>
            <div>
              <a href={passageAddress(one)}>{placeName(one)}</a>
              {one.heading && <p class="hint">{one.heading}</p>}
              <p class="source-text">{one.text}</p>
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
