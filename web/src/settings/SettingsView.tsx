import type { Signal } from "@preact/signals";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { contrast, textSize, theme } from "../state/prefs";
import { signOut } from "../state/account";
import { user } from "../state/session";
import { PageHeader } from "../shell/PageHeader";
import { Button } from "../ui/Button";
import { useAction } from "../ui/useAction";
import { AnswerSettings } from "./AnswerSettings";
import { PasswordForm } from "./PasswordForm";
import { SessionList } from "./SessionList";
import "./sheet.css";

const themes: [typeof theme.value, string][] = [
  ["system", "Like this device"],
  ["light", "Light"],
  ["dark", "Dark"],
];

const contrasts: [typeof contrast.value, string][] = [
  ["system", "Normal"],
  ["more", "High"],
];

const sizes: [typeof textSize.value, string][] = [
  ["normal", "Normal"],
  ["large", "Large"],
  ["larger", "Larger"],
];

const roles = { owner: "Owner", admin: "Administrator", member: "Member" };

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

function Profile() {
  const leaving = useAction(signOut);
  const person = user.value!;
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <dl class="facts">
        <dt>Name</dt>
        <dd>{person.name}</dd>
        <dt>Role</dt>
        <dd>{roles[person.role]}</dd>
        <dt>Since</dt>
        <dd>{day.format(person.created_at)}</dd>
      </dl>
      <Button busy={leaving.busy} onClick={() => void leaving.run()}>
        Sign out
      </Button>
    </section>
  );
}

function Appearance() {
  return (
    <section aria-labelledby="appearance">
      <h2 id="appearance">Appearance</h2>
      <Choices name="Theme" of={theme} choices={themes} />
      <Choices name="Contrast" of={contrast} choices={contrasts} />
      <Choices name="Text size" of={textSize} choices={sizes} />
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
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function Personas() {
  return (
    <section aria-labelledby="personas">
      <h2 id="personas">Personas</h2>
      <p>
        <a href="/settings/personas">Write and choose personas</a>: instructions, a model and its
        settings under a name, for the conversations you want them in.
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
      <h2 id="memory">Memory</h2>
      <p>
        <a href="/settings/memory">See and change what is remembered</a>: facts, how they connect,
        what you said in earlier conversations, and the switch for all of it.
      </p>
    </section>
  );
}

function PutAway() {
  return (
    <section aria-labelledby="put-away">
      <h2 id="put-away">Conversations</h2>
      <p>
        <a href="/settings/conversations">Archived and deleted</a>: bring conversations back, or
        delete them for good.
      </p>
    </section>
  );
}

function Network() {
  if (user.value?.role === "member") return null;
  return (
    <section aria-labelledby="network">
      <h2 id="network">Network</h2>
      <p>
        <a href="/settings/network">Share on the network</a>: addresses and QR codes for other
        devices, HTTPS, and a check.
      </p>
    </section>
  );
}

/** What plain HTTP costs, for those who came by it. */
function Insecure() {
  if (isSecureContext) return null;
  return (
    <p class="hint">
      You are connected over plain HTTP: others in this network could read along, and the browser
      withholds some functions, such as installing this page as an app. Copying works all the same.{" "}
      <a href="/trust" target="_blank">
        How to connect encrypted
      </a>
    </p>
  );
}

export function SettingsView() {
  return (
    <div class="view">
      <PageHeader title="Settings" />
      <div class="view-scroll">
        <div class="settings-body">
          <Profile />
          <Appearance />
          <Personas />
          <Prompts />
          <Memory />
          <PutAway />
          <AnswerSettings />
          <Network />
          <PasswordForm />
          <SessionList />
          <Insecure />
          <p class="hint">
            For programs:{" "}
            <a href="/docs" target="_blank">
              API documentation
            </a>
          </p>
        </div>
      </div>
    </div>
  );
}
