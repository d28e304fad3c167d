import { useEffect, useRef } from "preact/hooks";
import { t } from "../language/t";
import { openId } from "../state/chat";
import {
  loadMemory,
  memoryState,
  rememberConversation,
  remembers,
  temporary,
} from "../state/memory";
import { narrow } from "../ui/media";
import { tried } from "../ui/tried";
import { PanelPicker } from "./PanelPicker";

/** Whether the conversation is remembered and may look back. Not there at all where nothing can be. */
export function MemoryPicker() {
  useEffect(() => void tried(loadMemory), [openId.value]);
  if (!memoryState.value?.enabled || temporary.value) return null;
  const on = remembers.value;
  return (
    <PanelPicker
      icon="memory"
      title={t("Memory in this conversation")}
      of={t("In this conversation:")}
      name={on ? t("Memory on") : t("Memory off")}
      look={on ? "" : "none"}
      brief={on && narrow.value}
    >
      <Choices />
    </PanelPicker>
  );
}

function Choices() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <>
      <label>
        <input
          ref={box}
          type="checkbox"
          checked={remembers.value}
          onChange={(event) => void rememberConversation(event.currentTarget.checked)}
        />
        <span>{t("Remember this conversation, and recall earlier ones in it")}</span>
      </label>
      <p class="hint">
        {t("Off, nothing is looked up or learned here, and what was learned here is forgotten.")}
      </p>
      <a class="hint" href="/settings/memory">
        {t("See what is remembered")}
      </a>
    </>
  );
}
