import { useEffect, useId, useRef, useState } from "preact/hooks";
import { openMessage } from "../chat/openMessage";
import { plural, t } from "../language/t";
import { tell } from "../state/chat";
import type { FoundMessage } from "../types";
import { shown } from "../shell/keys";
import { announce } from "../ui/announce";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import type { Choice } from "./choices";
import { foundFor, groups, lookFor, state, words } from "./search";
import "../settings/sheet.css";

const LONGEST = 200;

const open = ({ conversation_id, message_id }: FoundMessage) =>
  void openMessage(conversation_id, message_id).catch(tell);

/** One box over everything: places of the page, conversations, messages, documents. */
export function FindDialog({ onClose }: { onClose: () => void }) {
  /** By its key: what is found later may come to stand above it. */
  const [picked, setPicked] = useState<string | null>(null);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const choices = groups.value.flatMap((group) => group.choices);
  const chosen = choices.length
    ? Math.max(
        0,
        choices.findIndex((one) => one.key === picked),
      )
    : -1;
  const chosenKey = choices[chosen]?.key ?? null;
  const nothing = state.value === "ready" && !choices.length;

  useEffect(() => lookFor("", open), []);
  useEffect(() => setPicked(chosenKey), [chosenKey]);
  useEffect(() => {
    if (state.value === "ready" && words.value.trim()) {
      announce(plural(choices.length, "{n} result", "{n} results"));
    }
  }, [state.value]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const take = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.run();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
    if (event.key === "Enter" && !event.isComposing && foundFor.value === words.value) {
      take(choices[chosen]);
    }
    if (to === undefined || !choices.length) return;
    event.preventDefault();
    setPicked(choices[(to + choices.length) % choices.length]!.key);
  };

  return (
    <Dialog class="find" title={t("Search")} onClose={onClose}>
      <input
        type="text"
        role="combobox"
        inputMode="search"
        enterKeyHint="go"
        aria-label={t("Search conversations, messages and documents")}
        placeholder={t("Search conversations, messages, documents")}
        aria-expanded={choices.length > 0}
        aria-controls={id}
        aria-activedescendant={choices.length ? `${id}-${chosen}` : undefined}
        autoComplete="off"
        autoFocus
        maxLength={LONGEST}
        value={words.value}
        onInput={(event) => {
          setPicked(null);
          lookFor(event.currentTarget.value, open);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={id}
        role="listbox"
        aria-label={t("Results")}
        ref={list}
        aria-busy={state.value !== "ready"}
      >
        {groups.value.map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <h3 aria-hidden="true">{group.name}</h3>
            {group.choices.map((choice) => {
              const place = choices.indexOf(choice);
              return (
                <div
                  key={choice.key}
                  id={`${id}-${place}`}
                  class="nav-link"
                  role="option"
                  aria-selected={place === chosen}
                  onClick={() => take(choice)}
                  onMouseMove={() => setPicked(choice.key)}
                >
                  <Icon name={choice.icon} />
                  <div>
                    <p>{choice.title}</p>
                    {choice.said && (
                      <p class="hint">
                        {choice.said.map(({ text, hit }) => (hit ? <mark>{text}</mark> : text))}
                      </p>
                    )}
                  </div>
                  {choice.keys && <kbd>{shown(choice.keys)}</kbd>}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {nothing && <p class="hint">{t("Nothing was found. Fewer or shorter words find more.")}</p>}
      {state.value === "failed" && (
        <p class="hint" role="alert">
          {t("Not everything could be searched. Type again to try again.")}
        </p>
      )}
    </Dialog>
  );
}
