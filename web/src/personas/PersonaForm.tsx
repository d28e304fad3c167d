import { useEffect, useRef, useState } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import type { PersonaFields } from "../personasApi";
import { collections, loadCollections } from "../state/collections";
import { loadModels, model, models } from "../state/models";
import { lookForShared, sharedOf } from "../state/shared";
import { savePersona } from "../state/personas";
import { calledName, user } from "../state/session";
import type { Persona } from "../types";
import { announce } from "../ui/announce";
import { Choice, Field, Texts } from "../ui/Field";
import { FormEnd } from "../ui/FormEnd";
import { tried } from "../ui/tried";
import { useAction } from "../ui/useAction";
import { filled, today, unknown } from "./prompt";
import { SamplingFields } from "./SamplingFields";

interface FormProps {
  id: string | null;
  from: Persona | null;
  onClose: () => void;
}

const STARTERS = 6;

/** One for each line that says something. */
export const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

function draftOf(from: Persona | null): PersonaFields {
  const { name = "", description = "", prompt = "", model = null } = from ?? {};
  const { sampling = {}, starters = [], collection_ids = [] } = from ?? {};
  return { name, description, prompt, model, sampling, starters, collection_ids };
}

export function PersonaForm({ id, from, onClose }: FormProps) {
  const [fields, setFields] = useState(() => draftOf(from));
  const [starters, setStarters] = useState(fields.starters.join("\n"));
  const [visibility, setVisibility] = useState(from?.visibility ?? "private");
  const saving = useAction(savePersona);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    if (!models.peek()) void loadModels();
    void tried(loadCollections);
    lookForShared();
  }, []);
  const set = (change: Partial<PersonaFields>) => setFields((before) => ({ ...before, ...change }));

  const submit = async (event: Event) => {
    event.preventDefault();
    const whole = { ...fields, starters: lines(starters) };
    if (visibility === "system") whole.collection_ids = [];
    if (!(await saving.run(id, whole, visibility))) return;
    announce(t("Persona saved"));
    onClose();
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <h2 ref={heading} tabIndex={-1}>
        {id ? t("Edit {name}", { name: from?.name ?? "" }) : t("New persona")}
      </h2>
      {!id && user.value?.role !== "member" && (
        <Visibility value={visibility} onChange={setVisibility} />
      )}
      <Field
        label={t("Name")}
        maxLength={100}
        value={fields.name}
        onChange={(name) => set({ name })}
      />
      <Texts
        label={t("Description")}
        rows={2}
        maxLength={500}
        value={fields.description}
        onChange={(description) => set({ description })}
      />
      <Prompt value={fields.prompt} wanted={fields.model} onChange={(prompt) => set({ prompt })} />
      <ModelChoice value={fields.model} onChange={(model) => set({ model })} />
      <Texts
        label={t("Starters")}
        hint={t("Questions to begin with, one in each line, up to {n}.", { n: STARTERS })}
        rows={3}
        maxLength={1300}
        value={starters}
        onChange={setStarters}
      />
      {visibility === "private" && (
        <Collections
          chosen={fields.collection_ids}
          onChange={(collection_ids) => set({ collection_ids })}
        />
      )}
      <SamplingFields value={fields.sampling} onChange={(sampling) => set({ sampling })} />
      <FormEnd action={t("Save")} busy={saving.busy} error={saving.error} onClose={onClose} />
    </form>
  );
}

interface PromptProps {
  value: string;
  wanted: string | null;
  onChange: (value: string) => void;
}

/** Beside what is written, what a model would read of it. */
function Prompt({ value, wanted, onChange }: PromptProps) {
  const name = models.value?.find((one) => one.id === wanted)?.name ?? model.value?.name ?? "";
  const strange = unknown(value);
  const hint = (
    <>
      {rich("{user}, {date} and {model} are filled in.", {
        user: "{{user}}",
        date: "{{date}}",
        model: "{{model}}",
      })}
      {strange.length > 0 && (
        <strong>
          {" "}
          {rich("Not known, and left as written: {names}.", {
            names: strange.map((one) => `{{${one}}}`).join(", "),
          })}
        </strong>
      )}
    </>
  );
  return (
    <>
      <Texts
        label={t("Instructions")}
        hint={hint}
        rows={8}
        maxLength={20_000}
        value={value}
        onChange={onChange}
      />
      {value.includes("{{") && (
        <section>
          <p class="hint">{t("What the model reads:")}</p>
          <p class="plain-text">
            {filled(value, { user: calledName.value, date: today(), model: name })}
          </p>
        </section>
      )}
    </>
  );
}

interface ModelProps {
  value: string | null;
  onChange: (value: string | null) => void;
}

function ModelChoice({ value, onChange }: ModelProps) {
  const list = models.value ?? [];
  const options: [string, string][] = list.map((one) => [one.id, one.name]);
  if (value && !list.some((one) => one.id === value))
    options.push([value, t("{model} (not here)", { model: value })]);
  return (
    <Choice
      label={t("Model")}
      value={value ?? ""}
      options={[["", t("No preference")], ...options]}
      onChange={(id) => onChange(id || null)}
    />
  );
}

interface VisibilityProps {
  value: Persona["visibility"];
  onChange: (value: Persona["visibility"]) => void;
}

function Visibility({ value, onChange }: VisibilityProps) {
  const choices: [Persona["visibility"], string][] = [
    ["private", t("Only me")],
    ["system", t("Everybody")],
  ];
  return (
    <fieldset class="choices">
      <legend class="visually-hidden">{t("Who may use it")}</legend>
      {choices.map(([each, label]) => (
        <label key={each}>
          <input
            type="radio"
            name="visibility"
            checked={value === each}
            onChange={() => onChange(each)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

interface CollectionsProps {
  chosen: string[];
  onChange: (ids: string[]) => void;
}

function Collections({ chosen, onChange }: CollectionsProps) {
  const all = [...(collections.value ?? []), ...sharedOf("collection")];
  if (!all.length) return null;
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset class="choices">
      <legend>{t("Answers from these collections")}</legend>
      {all.map(({ id, name }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
