import { useEffect } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { sidebar } from "../state/prefs";
import { path } from "../state/route";
import { calledName } from "../state/session";
import { IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { focusMain } from "../ui/focusMain";
import { Icon } from "../ui/Icon";
import { lazy } from "../ui/lazy";
import { narrow } from "../ui/media";
import { toasts } from "../ui/toasts";
import { drawerOpen } from "./drawer";
import { finding } from "./finding";
import "./sidebar.css";

// Not needed to type the first question.
const ConversationList = lazy(
  () => import("./ConversationList").then((m) => m.ConversationList),
  () => null,
);

export const Toasts = lazy(
  () => import("../ui/Toasts").then((m) => m.Toasts),
  () => null,
);

const close = () => (drawerOpen.value = false);

function Contents() {
  return (
    <nav class="sidebar" aria-label={t("Conversations")}>
      <div class="sidebar-top">
        <a class="brand" href="/">
          <Icon name="mark" /> Gantry Edge
        </a>
        {narrow.value ? (
          <IconButton icon="close" label={t("Close")} onClick={close} />
        ) : (
          <IconButton
            icon="menu"
            label={t("Hide the sidebar")}
            onClick={() => {
              sidebar.value = "hidden";
              focusMain();
            }}
          />
        )}
      </div>
      <a class="nav-link new-chat" href="/" aria-current={path.value === "/" ? "page" : undefined}>
        <Icon name="plus" /> {t("New chat")}
      </a>
      <a
        class="nav-link new-chat"
        href="/library"
        aria-current={path.value.startsWith("/library") ? "page" : undefined}
      >
        <Icon name="library" /> {t("Library")}
      </a>
      <button type="button" class="nav-link new-chat" onClick={() => (finding.value = true)}>
        <Icon name="search" /> {t("Search")}
      </button>
      <ConversationList />
      <a
        class="nav-link sidebar-foot"
        href="/settings"
        aria-current={path.value.startsWith("/settings") ? "page" : undefined}
      >
        <Icon name="gear" />
        {rich("<hidden>Settings of</hidden> {name}", {
          hidden: (text) => <span class="visually-hidden">{text}</span>,
          name: <span>{calledName.value}</span>,
        })}
      </a>
    </nav>
  );
}

export function Sidebar() {
  const here = path.value;
  useEffect(() => void close(), [here]);
  if (!narrow.value) return sidebar.value === "shown" ? <Contents /> : null;
  if (!drawerOpen.value) return null;
  return (
    <Dialog class="drawer" title="Gantry Edge" onClose={close}>
      <div
        // Also when the link leads to where we are.
        onClick={(event) => (event.target as Element).closest("a") && close()}
      >
        <Contents />
      </div>
      {/* What is outside of an open dialog cannot be pressed. */}
      {toasts.value.length > 0 && <Toasts />}
    </Dialog>
  );
}
