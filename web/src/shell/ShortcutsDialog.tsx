import { useEffect, useState } from "preact/hooks";
import { t } from "../language/t";
import { announce } from "../ui/announce";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Notice } from "../ui/Notice";
import { type Action, actions } from "./actions";
import { combinationOf, partsOf, shown } from "./keys";
import { anyChanged, bind, conflict, isChanged, keysOf, reset } from "./shortcuts";
import "../settings/sheet.css";

/** Every key, by what it is for; each can be another one. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [changing, setChanging] = useState<Action | null>(null);
  const groups = [...new Set(actions.map((one) => one.group))];
  return (
    <Dialog class="shortcuts" title={t("Keyboard shortcuts")} onClose={onClose}>
      <div class="shortcut-groups">
        {groups.map((group) => (
          <section key={group} aria-label={t(group)}>
            <h3>{t(group)}</h3>
            <ul>
              {actions
                .filter((one) => one.group === group)
                .map((one) => (
                  <li key={one.id}>
                    {changing === one ? (
                      <Change action={one} onDone={() => setChanging(null)} />
                    ) : (
                      <Row action={one} onChange={() => setChanging(one)} />
                    )}
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
      <p class="hint">
        {t(
          "Single keys do nothing while you type. In the list of conversations the arrows move, and Alt with an arrow puts a pinned one in another place.",
        )}
      </p>
      <div class="dialog-buttons">
        {anyChanged.value && <Button onClick={() => reset(null)}>{t("Reset all")}</Button>}
        <Button onClick={onClose}>{t("Close")}</Button>
      </div>
    </Dialog>
  );
}

function Row({ action, onChange }: { action: Action; onChange: () => void }) {
  const label = t(action.label);
  const keys = keysOf(action);
  return (
    <>
      <span>{label}</span>
      {keys.length ? (
        keys.map((one) => <Keys key={one} combination={one} />)
      ) : (
        <span class="hint">{t("none")}</span>
      )}
      {isChanged(action) && (
        <IconButton
          icon="again"
          label={t("Reset {label}", { label })}
          onClick={() => reset(action)}
        />
      )}
      <IconButton icon="edit" label={t("Change {label}", { label })} onClick={onChange} />
    </>
  );
}

const Keys = ({ combination }: { combination: string }) => (
  <kbd aria-label={shown(combination)}>
    {partsOf(combination).map((part) => (
      <kbd key={part}>{part}</kbd>
    ))}
  </kbd>
);

/** Takes the next keys that are pressed. */
function Change({ action, onDone }: { action: Action; onDone: () => void }) {
  const [trouble, setTrouble] = useState("");
  const label = t(action.label);
  useEffect(() => announce(t("Press the keys for: {label}", { label })), []);
  const finish = () => {
    onDone();
    requestAnimationFrame(() =>
      document
        .querySelector<HTMLElement>(
          `.shortcuts [aria-label="${CSS.escape(t("Change {label}", { label }))}"]`,
        )
        ?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const combination = combinationOf(event);
    if (!combination || combination === "Tab" || combination === "Shift+Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (combination === "Escape") return finish();
    if (combination === "Backspace" || combination === "Delete") {
      bind(action, null);
      return finish();
    }
    const other = conflict(combination, action);
    if (!other) {
      bind(action, combination);
      announce(`${label}: ${shown(combination)}`);
      return finish();
    }
    const keys = shown(combination);
    setTrouble(
      other === "reserved"
        ? t("{keys} belongs to the browser. Press others.", { keys })
        : t("{keys} is for “{other}”. Press others, or change that one first.", {
            keys,
            other: t(other.label),
          }),
    );
  };
  return (
    <div class="shortcut-change">
      <span>{label}</span>
      <button
        type="button"
        class="button plain"
        autoFocus
        ref={(button) => button?.focus()}
        aria-label={t("Press the keys for: {label}", { label })}
        onKeyDown={onKeyDown}
        onBlur={onDone}
      >
        {t("Press keys… (Backspace: none)")}
      </button>
      {trouble && <Notice>{trouble}</Notice>}
    </div>
  );
}
