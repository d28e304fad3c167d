import { language, languages, loadLanguage } from "../language/language";
import { msg, t } from "../language/t";
import { contrast, textSize, theme } from "../state/prefs";
import { Choice } from "../ui/Field";
import { Choices } from "./Choices";

const themes: [typeof theme.value, string][] = [
  ["system", msg("Like this device")],
  ["light", msg("Light")],
  ["dark", msg("Dark")],
];

const contrasts: [typeof contrast.value, string][] = [
  ["system", msg("Normal")],
  ["more", msg("High")],
];

const sizes: [typeof textSize.value, string][] = [
  ["normal", msg("Normal")],
  ["large", msg("Large")],
  ["larger", msg("Larger")],
];

export function Appearance() {
  return (
    <section aria-labelledby="appearance">
      <h2 id="appearance">{t("Appearance")}</h2>
      <Language />
      <Choices name={t("Theme")} of={theme} choices={themes} />
      <Choices name={t("Contrast")} of={contrast} choices={contrasts} />
      <Choices name={t("Text size")} of={textSize} choices={sizes} />
    </section>
  );
}

/** Each by its own name, for who understands no other. */
function Language() {
  const options = languages.map((one): [string, string] => [one, nameOfLanguage(one)]);
  return (
    <Choice
      label={t("Language")}
      value={language.value}
      options={[["system", t("Like this browser")], ...options]}
      onChange={(value) => {
        language.value = value;
        void loadLanguage();
      }}
    />
  );
}

function nameOfLanguage(tag: string): string {
  const name = new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
