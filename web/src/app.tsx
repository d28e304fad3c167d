import { effect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { ChatView } from "./chat/ChatView";
import { rich } from "./language/rich";
import { t } from "./language/t";
import { finding, onKey, sheetOpen } from "./shell/finding";
import { drawerOpen } from "./shell/drawer";
import { Sidebar, Toasts } from "./shell/Sidebar";
import { conversation, reload } from "./state/chat";
import { loadConversations } from "./state/conversations";
import { loadModels } from "./state/models";
import { go, path } from "./state/route";
import { callServer, expired, invitation, look, phase, start, unreached } from "./state/session";
import { following } from "./state/stream";
import { LiveRegion } from "./ui/announce";
import { Button } from "./ui/Button";
import { lazy } from "./ui/lazy";
import { narrow } from "./ui/media";
import { toasts } from "./ui/toasts";
import "./ui/controls.css";
import "./app.css";

const Blank = () => null;
const SetupView = lazy(() => import("./account/SetupView").then((m) => m.SetupView), Blank);
const SignInView = lazy(() => import("./account/SignInView").then((m) => m.SignInView), Blank);
const InvitedView = lazy(() => import("./account/InvitedView").then((m) => m.InvitedView), Blank);
const SignInAgain = lazy(() => import("./account/SignInAgain").then((m) => m.SignInAgain), Blank);
const Library = lazy(() => import("./library/Library").then((m) => m.Library), Blank);
const SettingsView = lazy(
  () => import("./settings/SettingsView").then((m) => m.SettingsView),
  Blank,
);
const NetworkView = lazy(() => import("./network/NetworkView").then((m) => m.NetworkView), Blank);
const PersonasView = lazy(
  () => import("./personas/PersonasView").then((m) => m.PersonasView),
  Blank,
);

const PeopleView = lazy(() => import("./people/PeopleView").then((m) => m.PeopleView), Blank);
const ConsoleView = lazy(() => import("./console/ConsoleView").then((m) => m.ConsoleView), Blank);
const ModelsView = lazy(() => import("./models/ModelsView").then((m) => m.ModelsView), Blank);
const PromptsView = lazy(() => import("./prompts/PromptsView").then((m) => m.PromptsView), Blank);
const MemoryView = lazy(() => import("./memory/MemoryView").then((m) => m.MemoryView), Blank);
const PutAwayView = lazy(() => import("./settings/PutAwayView").then((m) => m.PutAwayView), Blank);
const SharedView = lazy(() => import("./sharing/SharedView").then((m) => m.SharedView), Blank);
const FindDialog = lazy(() => import("./find/FindDialog").then((m) => m.FindDialog), Blank);
const ShortcutsDialog = lazy(
  () => import("./shell/ShortcutsDialog").then((m) => m.ShortcutsDialog),
  Blank,
);

effect(() => {
  const titles: Record<string, string> = {
    "/": t("New chat"),
    "/settings": t("Settings"),
    "/shared": t("Shared with you"),
    "/settings/network": t("Share on the network"),
    "/settings/personas": t("Personas"),
    "/settings/prompts": t("Prompts"),
    "/settings/people": t("People"),
    "/settings/overview": t("Overview"),
    "/settings/usage": t("Usage"),
    "/settings/audit": t("What was done"),
    "/settings/logs": t("Log"),
    "/settings/models": t("Models"),
    "/settings/memory": t("Memory"),
    "/settings/conversations": t("Archived and deleted"),
  };
  // They name themselves.
  if (/^\/(library|shared\/)/.test(path.value)) return;
  const here = titles[path.value] ?? conversation.value?.title;
  const title = phase.value === "signed-in" && here ? `${here} – Gantry Edge` : "Gantry Edge";
  document.title = title;
});

/** Links of our own change the view, not the document. */
function followLink(event: MouseEvent) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !plain || link.target || link.origin !== location.origin) return;
  if (link.hash || link.hasAttribute("download")) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

function Unreachable() {
  useEffect(() => whileAway(look), []);
  return (
    <main class="notice-page">
      <h1>{t("The server cannot be reached")}</h1>
      <p>{t("Gantry Edge may be starting, or this device has left the network.")}</p>
      <Button look="primary" onClick={() => void start()}>
        {t("Try again")}
      </Button>
    </main>
  );
}

const AGAIN = 4_000;

/** Asks until it is there again, and at once when this device has a network again. */
function whileAway(ask: () => Promise<unknown>) {
  const timer = setInterval(ask, AGAIN);
  addEventListener("online", ask);
  return () => {
    clearInterval(timer);
    removeEventListener("online", ask);
  };
}

/** Nothing on screen is lost meanwhile, and then it is brought up to date. */
function Unreached() {
  useEffect(() => {
    void callServer();
    const end = whileAway(callServer);
    return () => {
      end();
      // An answer on its way finds its own way back.
      if (!following()) void reload();
      void loadConversations();
    };
  }, []);
  return (
    <p class="unreached" role="status">
      {t("Connection lost. Reconnecting…")}
    </p>
  );
}

function Place() {
  const here = path.value;
  const conversationId = /^\/c\/([^/]+)\/?$/.exec(here)?.[1];
  if (here === "/settings") return <SettingsView />;
  if (here === "/settings/network") return <NetworkView />;
  if (here === "/settings/personas") return <PersonasView />;
  if (here === "/settings/prompts") return <PromptsView />;
  if (here === "/settings/people") return <PeopleView />;
  if (/^\/settings\/(overview|usage|audit|logs)$/.test(here)) return <ConsoleView />;
  if (here === "/settings/models") return <ModelsView />;
  if (here === "/settings/memory") return <MemoryView />;
  if (here === "/settings/conversations") return <PutAwayView />;
  if (/^\/library(\/|$)/.test(here)) return <Library />;
  if (/^\/shared(\/|$)/.test(here)) return <SharedView />;
  if (here === "/" || conversationId) return <ChatView id={conversationId ?? null} />;
  return (
    <div class="notice-page">
      <h1>{t("There is nothing here")}</h1>
      <p>
        {rich("The address may be old or mistyped. <a>Start a new chat</a>", {
          a: (text) => <a href="/">{text}</a>,
        })}
      </p>
    </div>
  );
}

function SignedIn() {
  const main = useRef<HTMLElement>(null);
  const here = path.value;
  const first = useRef(here);
  useEffect(() => {
    // The link that led here may have gone with its view: the keyboard goes on where the new one begins.
    const lost = document.activeElement === document.body;
    if (here !== first.current && lost) main.current?.focus({ preventScroll: true });
    first.current = "";
  }, [here]);
  useEffect(() => {
    void loadConversations();
    loadModels().catch(() => {});
    import("./state/tabs").catch(() => {});
    import("./shell/shortcuts").catch(() => {});
  }, []);
  // Whoever sees the page may press the keys.
  useLayoutEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <div class="shell" onClick={followLink}>
      <a
        class="skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t("Skip to content")}
      </a>
      <Sidebar />
      <main id="main" ref={main} tabIndex={-1}>
        <Place />
      </main>
      {sheetOpen.value && <ShortcutsDialog onClose={() => (sheetOpen.value = false)} />}
      {unreached.value && <Unreached />}
      {finding.value && <FindDialog onClose={() => (finding.value = false)} />}
      {expired.value && <SignInAgain />}
      {toasts.value.length > 0 && !(narrow.value && drawerOpen.value) && <Toasts />}
    </div>
  );
}

const views = {
  loading: Blank,
  unreachable: Unreachable,
  setup: SetupView,
  "signed-out": SignInView,
  "signed-in": SignedIn,
};

export function App() {
  const View = invitation.value && phase.value !== "loading" ? InvitedView : views[phase.value];
  return (
    <>
      <View />
      <LiveRegion />
    </>
  );
}
