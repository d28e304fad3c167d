import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { Back } from "../settings/Back";
import { PageHeader } from "../shell/PageHeader";
import {
  bringPromptBack,
  deletedPrompt,
  deletePrompt,
  loadPrompts,
  prompts,
} from "../state/prompts";
import type { Prompt } from "../types";
import { announce } from "../ui/announce";
import { Button, IconButton } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { type Editing, PromptForm } from "./PromptForm";
import "../settings/sheet.css";

export function PromptsView() {
  const loading = useAction(loadPrompts);
  const [editing, setEditing] = useState<Editing | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void loading.run();
    return () => (deletedPrompt.value = null);
  }, []);
  useEffect(() => scroll.current?.scrollTo(0, 0), [editing]);
  return (
    <div class="view">
      <PageHeader title={t("Prompts")} />
      <div class="view-scroll" ref={scroll}>
        <div class="settings-body">
          <Back />
          {loading.error && <Notice>{loading.error}</Notice>}
          {editing ? (
            <PromptForm editing={editing} onClose={() => setEditing(null)} />
          ) : (
            prompts.value && <List list={prompts.value} onEdit={setEditing} />
          )}
        </div>
      </div>
    </div>
  );
}

function List({ list, onEdit }: { list: Prompt[]; onEdit: (editing: Editing) => void }) {
  const removing = useAction(async (prompt: Prompt) => {
    await deletePrompt(prompt);
    announce(t("Prompt deleted"));
  });
  return (
    <section aria-label={t("Prompts")}>
      <p class="hint">
        {t("Texts you write often. Type / at the beginning of a message to choose one.")}
      </p>
      <Button look="primary" onClick={() => onEdit({ id: null, name: "", text: "" })}>
        {t("New prompt")}
      </Button>
      <Undo />
      {removing.error && <Notice>{removing.error}</Notice>}
      {list.length === 0 && <p class="hint">{t("None yet.")}</p>}
      <ul class="rows">
        {list.map((one) => (
          <li key={one.id}>
            <div class="gist">
              <strong>{one.name}</strong>
              <p class="hint">{one.text}</p>
            </div>
            <span class="dialog-buttons">
              <Button
                aria-label={t("Edit {name}", { name: one.name })}
                onClick={() => onEdit({ ...one })}
              >
                {t("Edit")}
              </Button>
              <IconButton
                icon="trash"
                label={t("Delete {name}", { name: one.name })}
                onClick={() => void removing.run(one)}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The way back for the one just deleted. */
function Undo() {
  const prompt = deletedPrompt.value;
  const back = useAction(bringPromptBack);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What had the focus has gone with its row.
    if (prompt && document.activeElement === document.body)
      box.current?.querySelector("button")?.focus();
  }, [prompt]);
  if (!prompt) return null;
  const undo = async () => {
    if (await back.run()) announce(t("{name} is back", { name: prompt.name }));
  };
  return (
    <div ref={box} class="undone">
      <p>{t("{name} deleted", { name: prompt.name })}</p>
      <Button busy={back.busy} onClick={() => void undo()}>
        {t("Undo")}
      </Button>
      <IconButton icon="close" label={t("Dismiss")} onClick={() => (deletedPrompt.value = null)} />
      {back.error && <Notice>{back.error}</Notice>}
    </div>
  );
}
