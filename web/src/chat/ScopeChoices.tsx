import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { libraryApi } from "../libraryApi";
import { scope, wantedScope } from "../state/chat";
import { collections } from "../state/collections";
import { sharedOf } from "../state/shared";
import { chosen, reachOf, toggled, type Reach } from "../state/scopes";
import type { Document } from "../types";
import { Button } from "../ui/Button";

const PAGE = 100;

export function ScopeChoices() {
  const now = scope.value;
  // Choosing some comes before the first of them is chosen.
  const [choosing, setChoosing] = useState(false);
  const reach = choosing ? "some" : reachOf(now);
  const choose = (to: Reach) => {
    setChoosing(to === "some");
    if (to !== "some") wantedScope.value = to === "all" ? {} : null;
    else if (reachOf(now) === "all") wantedScope.value = null;
  };
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>("input:checked")?.focus(), []);
  const choices: [Reach, string][] = [
    ["none", t("No documents")],
    ["all", t("All my documents")],
    ["some", t("Only these")],
  ];
  return (
    <>
      <fieldset ref={box}>
        <legend class="visually-hidden">{t("Answer from")}</legend>
        {choices.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="reach"
              checked={value === reach}
              onChange={() => choose(value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      {reach === "some" && (
        <ul class="scope-tree">
          {collections.value?.map((one) => (
            <Shelf key={one.id} {...one} hint={`${one.documents}`} empty={!one.documents} />
          ))}
          {sharedOf("collection").map((one) => (
            <Shelf key={one.id} {...one} hint={t("By {name}", { name: one.owner })} />
          ))}
        </ul>
      )}
      <a class="hint" href="/library">
        {t("Open the library")}
      </a>
    </>
  );
}

interface ShelfProps {
  id: string;
  name: string;
  hint: string;
  empty?: boolean;
}

function Shelf({ id, name, hint, empty }: ShelfProps) {
  const [open, setOpen] = useState(false);
  const whole = chosen(scope.value, "collection", id);
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={whole}
          onChange={() => (wantedScope.value = toggled(scope.peek(), "collection", id))}
        />
        <span>{name}</span>
        <span class="hint">{hint}</span>
      </label>
      {!empty && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary aria-label={t("Documents of {name}", { name })}>{t("Documents")}</summary>
          {open && <Documents collectionId={id} whole={whole} />}
        </details>
      )}
    </li>
  );
}

function Documents({ collectionId, whole }: { collectionId: string; whole: boolean }) {
  const [list, setList] = useState<Document[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const read = async (before: string | null) => {
    try {
      const page = await libraryApi.documents(collectionId, before, PAGE);
      setList((before) => [...(before ?? []), ...page.items]);
      setNext(page.next);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  useEffect(() => void read(null), []);
  return (
    <>
      <ul class="scope-tree">
        {list?.map(({ id, name, status }) => (
          <li key={id}>
            <label>
              <input
                type="checkbox"
                disabled={whole}
                checked={whole || chosen(scope.value, "document", id)}
                onChange={() => (wantedScope.value = toggled(scope.peek(), "document", id))}
              />
              <span>{name}</span>
              {status !== "ready" && <span class="hint">{t("not ready")}</span>}
            </label>
          </li>
        ))}
      </ul>
      {failed && <p class="hint">{t("They could not be read.")}</p>}
      {(failed || next) && (
        <Button onClick={() => void read(next)}>{failed ? t("Try again") : t("Show more")}</Button>
      )}
    </>
  );
}
