import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Pen, typeOver } from "../chat/pen";
import { plural, t } from "../language/t";
import { filled, today, unknown } from "../personas/prompt";
import { model } from "../state/models";
import { loadPrompts, prompts } from "../state/prompts";
import { go } from "../state/route";
import { user } from "../state/session";
import type { Prompt } from "../types";
import { announce } from "../ui/announce";
import { tried } from "../ui/tried";
import { matching, slashBefore } from "./finding";
import { VariablesDialog } from "./VariablesDialog";

interface Chosen {
  prompt: Prompt;
  from: number;
  to: number;
}

const known = () => ({
  user: user.peek()?.name ?? "",
  date: today(),
  model: model.peek()?.name ?? "",
});

/** Behind a slash that begins a line: the prompts there are. */
export function SlashMenu({ pen }: { pen: Pen }) {
  const { area, text } = pen;
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  /** Where a slash stands that somebody wants to be a slash. */
  const [left, setLeft] = useState(-1);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const slash = slashBefore(text, caret);
  const found = slash && slash.at !== left ? matching(prompts.value ?? [], slash.query) : [];
  const manage = slash !== null && slash.at !== left && !slash.query && prompts.value !== null;
  const count = found.length + (manage ? 1 : 0);
  const open = count > 0 && !chosen;
  const marked = Math.min(at, count - 1);

  useEffect(() => {
    const look = () => setCaret(area.current?.selectionStart ?? 0);
    // Also after a click, an arrow or Undo.
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, []);
  useLayoutEffect(() => setCaret(area.current?.selectionStart ?? 0), [text]);
  useEffect(() => {
    if (slash) void tried(loadPrompts);
    else setLeft(-1);
  }, [slash === null]);
  useEffect(() => setAt(0), [slash?.query]);
  useEffect(() => {
    if (open) announce(plural(count, "{n} choice", "{n} choices"));
  }, [open, count]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [marked]);

  const insert = ({ prompt, from, to }: Chosen, values: Record<string, string>) => {
    setChosen(null);
    typeOver(area.current!, from, to, filled(prompt.text, { ...known(), ...values }));
  };

  const take = (place: number) => {
    const prompt = found[place];
    if (!prompt) return go("/settings/prompts");
    const choice = { prompt, from: slash!.at, to: caret };
    if (unknown(prompt.text).length) setChosen(choice);
    else insert(choice, {});
  };

  // The text area itself sends with Enter: what is chosen here is not heard there.
  const onKey = (event: KeyboardEvent) => {
    if (!open || event.isComposing) return;
    const to = { ArrowDown: marked + 1, ArrowUp: marked - 1 }[event.key];
    if (to !== undefined) setAt((to + count) % count);
    else if (event.key === "Enter" || event.key === "Tab") take(marked);
    else if (event.key === "Escape") setLeft(slash!.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const heard = useRef(onKey);
  heard.current = onKey;
  useEffect(() => {
    const form = area.current!.form!;
    const listen = (event: KeyboardEvent) => {
      if (event.target === area.current) heard.current(event);
    };
    form.addEventListener("keydown", listen, true);
    return () => form.removeEventListener("keydown", listen, true);
  }, []);

  useLayoutEffect(() => {
    if (!open) return;
    const box = area.current!;
    const names = { role: "combobox", "aria-expanded": "true", "aria-controls": id };
    const also = { "aria-autocomplete": "list", "aria-haspopup": "listbox" };
    const all = Object.entries({ ...names, ...also });
    for (const [name, value] of all) box.setAttribute(name, value);
    return () => {
      for (const [name] of all) box.removeAttribute(name);
      box.removeAttribute("aria-activedescendant");
    };
  }, [open]);
  useLayoutEffect(() => {
    if (open) area.current!.setAttribute("aria-activedescendant", `${id}-${marked}`);
  }, [open, marked]);

  return (
    <>
      {open && (
        <ul ref={list} id={id} class="slash floating" role="listbox" aria-label={t("Prompts")}>
          {Array.from({ length: count }, (_, place) => (
            <li
              key={found[place]?.id ?? ""}
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === marked}
              // The text keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(place)}
              onMouseMove={() => setAt(place)}
            >
              <Choice prompt={found[place]} />
            </li>
          ))}
        </ul>
      )}
      {chosen && (
        <VariablesDialog
          prompt={chosen.prompt}
          onFill={(values) => insert(chosen, values)}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}

function Choice({ prompt }: { prompt: Prompt | undefined }) {
  if (!prompt) {
    return (
      <span>{prompts.value?.length ? t("Edit prompts…") : t("Write your first prompt…")}</span>
    );
  }
  return (
    <>
      <span>{prompt.name}</span>
      <span class="hint">{prompt.text.slice(0, 200)}</span>
    </>
  );
}
