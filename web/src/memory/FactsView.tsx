import { useEffect, useState } from "preact/hooks";
import { t } from "../language/t";
import {
  facts,
  factsProblem,
  forgetLeaving,
  nameEntity,
  nothingKnown,
  openFacts,
  searchFacts,
  suggested,
} from "../state/facts";
import { memoryState } from "../state/memory";
import type { Entity } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Menu } from "../ui/Menu";
import { Notice } from "../ui/Notice";
import { RenameField } from "../ui/RenameField";
import { SearchBox } from "../ui/SearchBox";
import { FactRow } from "./FactRow";
import { groupBySubject, type Group } from "./groups";
import { ListEnd } from "./ListEnd";
import { nameOf } from "./names";

/** What is known, by whom or what it is about; what waits to be approved comes first. */
export function FactsView() {
  useEffect(() => {
    void openFacts();
    return forgetLeaving;
  }, []);
  const groups = groupBySubject(facts.items.value);
  const waiting = suggested.items.value;
  return (
    <>
      {factsProblem.value && <Notice>{factsProblem.value}</Notice>}
      {nothingKnown.value ? (
        <Nothing />
      ) : (
        <SearchBox
          label={t("Search in facts")}
          value={facts.words.value}
          maxLength={200}
          onSearch={(words, atOnce) => searchFacts(words, atOnce ? 0 : undefined)}
        />
      )}
      {waiting.length > 0 && (
        <section aria-labelledby="suggested">
          <h2 id="suggested">{t("To be approved")}</h2>
          <p class="hint">
            {t("Heard, but not sure. They go with no question until you approve them.")}
          </p>
          <ul class="rows">
            {waiting.map((one) => (
              <FactRow key={one.id} fact={one} />
            ))}
          </ul>
          {suggested.next.value && (
            <Button onClick={() => void suggested.more()}>{t("Show more to be approved")}</Button>
          )}
        </section>
      )}
      {groups.map((group) => (
        <Subject key={group.entity.id} group={group} />
      ))}
      <ListEnd list={facts} what="facts" empty={!groups.length && !waiting.length} />
    </>
  );
}

function Subject({ group }: { group: Group }) {
  const { entity, now, earlier } = group;
  return (
    <section aria-labelledby={entity.id}>
      <SubjectHead entity={entity} />
      {now.length > 0 && (
        <ul class="rows">
          {now.map((one) => (
            <FactRow key={one.id} fact={one} />
          ))}
        </ul>
      )}
      {earlier.length > 0 && (
        <details>
          <summary>{t("Earlier: {n}", { n: earlier.length })}</summary>
          <ul class="rows">
            {earlier.map((one) => (
              <FactRow key={one.id} fact={one} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Its name, and the others it goes by. */
export function SubjectHead({ entity }: { entity: Entity }) {
  const { id, kind, name, aliases } = entity;
  const [renaming, setRenaming] = useState(false);
  const rename = async (text: string) => {
    setRenaming(false);
    const wanted = text.trim();
    if (wanted && wanted !== name && (await nameEntity(id, wanted))) announce(t("Renamed"));
  };
  return (
    <header class="subject">
      {renaming ? (
        <RenameField name={name} maxLength={100} onDone={(text) => void rename(text)} />
      ) : (
        <h2 id={id}>{nameOf(entity)}</h2>
      )}
      {aliases.length > 0 && (
        <span class="hint">{t("also {names}", { names: aliases.join(", ") })}</span>
      )}
      {kind !== "me" && !renaming && (
        <Menu
          label={t("More for {title}", { title: name })}
          items={[{ label: t("Rename"), icon: "edit", run: () => setRenaming(true) }]}
        />
      )}
    </header>
  );
}

function Nothing() {
  return (
    <section class="plain">
      <h2>{t("Nothing is known yet")}</h2>
      <p>
        {memoryState.value?.enabled
          ? t("It begins by itself while you chat.")
          : t("Switch memory on above, and it begins by itself while you chat.")}{" "}
        {t(
          "Say “I work at …”, “My manager is …” or “Remember that …”, and a little later it stands here, with the sentence it comes from.",
        )}
      </p>
      <p class="hint">
        {t(
          "Only what you write yourself is read: never a document, never an answer. What is not sure waits here until you approve it.",
        )}
      </p>
    </section>
  );
}
