import { useState } from "preact/hooks";
import { plural, t } from "../language/t";
import { passageAddress, placeName } from "../state/addresses";
import type { Message, Source } from "../types";
import { beginning } from "./beginning";
import "./sources.css";

const NONE: Source[] = [];

/** The same list for as long as nothing in it changes. What an answer cites of earlier ones comes behind its end. */
export function sourcesOf(message: Message): Source[] {
  const [found = NONE, ...more] = message.parts.flatMap((part) =>
    part.type === "sources" ? [part.items] : [],
  );
  return more.length ? found.concat(...more) : found;
}

/** What the model was given to answer from. */
export function Sources({ items }: { items: Source[] }) {
  return (
    <details class="sources">
      <summary>{plural(items.length, "{n} source", "{n} sources")}</summary>
      <ul class="source-list">
        {items.map((one) => (
          <li key={one.number}>
            <span class="source-number">{one.number}</span>
            <div>{one.text ? <Quoted source={one} /> : <Deleted source={one} />}</div>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Quoted({ source }: { source: Source }) {
  const [whole, setWhole] = useState(false);
  const { heading, text } = source;
  const start = beginning(text);
  return (
    <>
      <a href={passageAddress(source)}>{placeName(source)}</a>
      {heading && <p class="hint">{heading}</p>}
      <p class="source-text">{whole ? text : start}</p>
      {start !== text && (
        <button
          type="button"
          class="quiet source-more"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
        >
          {whole ? t("Show less") : t("Show more")}
        </button>
      )}
    </>
  );
}

function Deleted({ source }: { source: Source }) {
  return (
    <>
      <span>{placeName(source)}</span>
      <p class="hint">{t("This document was deleted, or is not shared with you.")}</p>
    </>
  );
}
