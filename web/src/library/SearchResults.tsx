import { useEffect } from "preact/hooks";
import { decimal, facts } from "../language/formats";
import { msg, plural, t } from "../language/t";
import { pageName, passageAddress } from "../state/addresses";
import { found, searchFor, searchText } from "../state/librarySearch";
import { shelf } from "../state/documents";
import type { Passage } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { excerpt, marked } from "./words";

const NOTHING = msg("Nothing relevant was found.");

export function SearchResults() {
  const now = found.value;
  useEffect(() => {
    if (now.state !== "ready") return;
    announce(
      now.items.length ? plural(now.items.length, "{n} passage", "{n} passages") : t(NOTHING),
    );
  }, [now]);
  if (now.state === "idle") return null;
  if (now.state === "failed") {
    return (
      <Notice>
        {now.why}
        <Button onClick={() => searchFor(searchText.peek(), shelf.peek(), 0)}>
          {t("Try again")}
        </Button>
      </Notice>
    );
  }
  const busy = now.state === "searching";
  const items = busy ? now.before : now.items;
  if (!items.length) {
    return <p class="shelf-note">{busy ? t("Searching…") : t(NOTHING)}</p>;
  }
  return (
    <ol class="results" aria-label={t("Passages found")} aria-busy={busy}>
      {items.map((one) => (
        <Result key={one.id} passage={one} query={searchText.value} />
      ))}
    </ol>
  );
}

function Result({ passage, query }: { passage: Passage; query: string }) {
  const { document_name, page, page_end, heading, score, text } = passage;
  const place = [page !== null ? pageName(document_name, page, page_end) : "", heading];
  return (
    <li>
      <a href={passageAddress(passage)}>{document_name}</a>
      <p class="hint">{facts([...place, t("score {n}", { n: decimal(score, 2) })])}</p>
      <p class="excerpt">
        {excerpt(marked(text, query)).map(({ text, hit }) => (hit ? <mark>{text}</mark> : text))}
      </p>
    </li>
  );
}
