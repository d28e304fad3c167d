import { useEffect, useRef } from "preact/hooks";
import { rich } from "../language/rich";
import { msg, t } from "../language/t";
import { PageHeader } from "../shell/PageHeader";
import { user } from "../state/session";
import { AnswerSettings } from "./AnswerSettings";
import { Appearance } from "./Appearance";
import { Beginnings } from "./Beginnings";
import { PasswordForm } from "./PasswordForm";
import { Profile } from "./Profile";
import { SessionList } from "./SessionList";
import { Writing } from "./Writing";
import { YourData } from "./YourData";
import { stayAt } from "./stayAt";
import "./sheet.css";

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
        {rich("<a>Invite people and look after their accounts</a>.", {
          a: (text) => <a href="/settings/people">{text}</a>,
        })}
      </p>
    </section>
  );
}

function Console() {
  if (user.value?.role === "member") return null;
  return (
    <section aria-labelledby="console">
      <h2 id="console">{t("This appliance")}</h2>
      <p>
        {rich("<a>How it is</a>: its health, what is used by whom, what was done, and the log.", {
          a: (text) => <a href="/settings/overview">{text}</a>,
        })}
      </p>
    </section>
  );
}

function Models() {
  if (user.value?.role === "member") return null;
  return (
    <section aria-labelledby="models">
      <h2 id="models">{t("Models")}</h2>
      <p>
        {rich("<a>Model servers and the built-in engine</a>: add, load, and see who waits.", {
          a: (text) => <a href="/settings/models">{text}</a>,
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

const sections: [id: string, name: string][] = [
  ["profile", msg("Profile")],
  ["appearance", msg("Appearance")],
  ["writing", msg("Writing")],
  ["beginnings", msg("New conversations")],
  ["answers", msg("Answers")],
  ["memory", msg("Memory")],
  ["put-away", msg("Conversations")],
  ["people", msg("People")],
  ["models", msg("Models")],
  ["network", msg("Network")],
  ["console", msg("This appliance")],
  ["password", msg("Password")],
  ["sessions", msg("Signed in on")],
  ["data", msg("Your data")],
  ["leave", msg("Delete the account")],
];

function Index() {
  const shown = sections.filter(
    ([id]) =>
      !["people", "models", "network", "console"].includes(id) || user.value?.role !== "member",
  );
  return (
    <nav class="settings-index" aria-label={t("Sections")}>
      <ul>
        {shown.map(([id, name]) => (
          <li key={id}>
            <a href={`#${id}`}>{t(name)}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function SettingsView() {
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => stayAt(location.hash.slice(1), body.current!), []);
  return (
    <div class="view">
      <PageHeader title={t("Settings")} />
      <div class="view-scroll">
        <div class="settings">
          <Index />
          <div class="settings-body" ref={body}>
            <Profile />
            <Appearance />
            <Writing />
            <Beginnings />
            <AnswerSettings />
            <Memory />
            <PutAway />
            <People />
            <Models />
            <Network />
            <Console />
            <PasswordForm />
            <SessionList />
            <YourData />
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
    </div>
  );
}
