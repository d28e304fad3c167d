import type { Signal } from "@preact/signals";
import { date } from "../language/formats";
import { language, languages, loadLanguage } from "../language/language";
import { rich } from "../language/rich";
import { msg, t } from "../language/t";
import { contrast, sendKey, textSize, theme } from "../state/prefs";
import { signOut } from "../state/account";
import { user } from "../state/session";
import { PageHeader } from "../shell/PageHeader";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Field";
import { useAction } from "../ui/useAction";
import { AnswerSettings } from "./AnswerSettings";
import { PasswordForm } from "./PasswordForm";
import { SessionList } from "./SessionList";
import "./sheet.css";

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

const keys: [typeof sendKey.value, string][] = [
  ["enter", msg("Enter")],
  ["control", msg("Ctrl + Enter")],
];

const roles = { owner: msg("Owner"), admin: msg("Administrator"), member: msg("Member") };

function Profile() {
  const leaving = useAction(signOut);
  const person = user.value!;
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">{t("Profile")}</h2>
      <dl class="facts">
        <dt>{t("Name")}</dt>
        <dd>{person.name}</dd>
        <dt>{t("Role")}</dt>
        <dd>{t(roles[person.role])}</dd>
        <dt>{t("Since")}</dt>
        <dd>{date(person.created_at, "long")}</dd>
      </dl>
      <Button busy={leaving.busy} onClick={() => void leaving.run()}>
        {t("Sign out")}
      </Button>
    </section>
  );
}

function Appearance() {
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

function Writing() {
  return (
    <section aria-labelledby="writing">
      <h2 id="writing">{t("Writing")}</h2>
      <Choices name={t("A message is sent with")} of={sendKey} choices={keys} />
      <p class="hint">
        {t("Shift + Enter always begins a new line. On a touch screen Enter does, too.")}
      </p>
    </section>
  );
}

interface ChoicesProps<T extends string> {
  name: string;
  of: Signal<T>;
  choices: [T, string][];
}

function Choices<T extends string>({ name, of, choices }: ChoicesProps<T>) {
  return (
    <fieldset class="choices">
      <legend>{name}</legend>
      {choices.map(([value, label]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={of.value === value}
            onChange={() => (of.value = value)}
          />
          {t(label)}
        </label>
      ))}
    </fieldset>
  );
}

function Personas() {
  return (
    <section aria-labelledby="personas">
      <h2 id="personas">{t("Personas")}</h2>
      <p>
        {rich(
          "<a>Write and choose personas</a>: instructions, a model and its settings under a name, for the conversations you want them in.",
          { a: (text) => <a href="/settings/personas">{text}</a> },
        )}
      </p>
    </section>
  );
}

function Prompts() {
  return (
    <section aria-labelledby="prompts">
      <h2 id="prompts">{t("Prompts")}</h2>
      <p>
        {rich("<a>Write and change prompts</a>: texts you need often, behind / in a message.", {
          a: (text) => <a href="/settings/prompts">{text}</a>,
        })}
      </p>
    </section>
  );
}

function Memory() {
  return (
    <section aria-labelledby="memory">
      <h2 id="memory">{t("Memory")}</h2>
      <p>
        {rich(
          "<a>See and change what is remembered</a>: facts, how they connect, what you said in earlier conversations, and the switch for all of it.",
          { a: (text) => <a href="/settings/memory">{text}</a> },
        )}
      </p>
    </section>
  );
}

function PutAway() {
  return (
    <section aria-labelledby="put-away">
      <h2 id="put-away">{t("Conversations")}</h2>
      <p>
        {rich("<a>Archived and deleted</a>: bring conversations back, or delete them for good.", {
          a: (text) => <a href="/settings/conversations">{text}</a>,
        })}
      </p>
    </section>
  );
}

function People() {
  if (user.value?.role === "member") return null;
  return (
    <section aria-labelledby="people">
      <h2 id="people">{t("People")}</h2>
      <p>
        {rich("<a>Invite people and look after their accounts</a>, and see what was done.", {
          a: (text) => <a href="/settings/people">{text}</a>,
        })}
      </p>
    </section>
  );
}

function Network() {
  if (user.value?.role === "member") return null;
  return (
    <section aria-labelledby="network">
      <h2 id="network">{t("Network")}</h2>
      <p>
        {rich(
          "<a>Share on the network</a>: addresses and QR codes for other devices, HTTPS, and a check.",
          { a: (text) => <a href="/settings/network">{text}</a> },
        )}
      </p>
    </section>
  );
}

/** What plain HTTP costs, for those who came by it. */
function Insecure() {
  if (isSecureContext) return null;
  return (
    <p class="hint">
      {rich(
        "You are connected over plain HTTP: others in this network could read along, and the browser withholds some functions, such as installing this page as an app. Copying works all the same. <a>How to connect encrypted</a>",
        {
          a: (text) => (
            <a href="/trust" target="_blank">
              {text}
            </a>
          ),
        },
      )}
    </p>
  );
}

export function SettingsView() {
  return (
    <div class="view">
      <PageHeader title={t("Settings")} />
      <div class="view-scroll">
        <div class="settings-body">
          <Profile />
          <Appearance />
          <Writing />
          <Personas />
          <Prompts />
          <Memory />
          <PutAway />
          <AnswerSettings />
          <People />
          <Network />
          <PasswordForm />
          <SessionList />
          <Insecure />
          <p class="hint">
            {rich("For programs: <a>API documentation</a>", {
              a: (text) => (
                <a href="/docs" target="_blank">
                  {text}
                </a>
              ),
            })}
          </p>
        </div>
      </div>
    </div>
  );
}
