import "./styles/tokens.css";
import "./styles/base.css";
import "./state/prefs";
import { render } from "preact";
import { App } from "./app";
import { followLast, reload, running } from "./state/chat";
import { loadConversations } from "./state/conversations";
import { unfollow } from "./state/follow";
import { followHistory } from "./state/route";
import { phase, setupToken, start } from "./state/session";

const HIDDEN_FOR_LONG = 60_000;

/** The one-time token leaves the address bar, and so the history, before anything else happens. */
function takeSetupToken() {
  const found = /^#setup=([^&]+)/.exec(location.hash);
  if (!found) return;
  history.replaceState(null, "", location.pathname);
  try {
    setupToken.value = decodeURIComponent(found[1]!);
  } catch {
    // Cut off while it was copied: as good as none.
  }
}

/** A file dropped beside its place would be opened instead of this page. */
function keepFilesOut(event: DragEvent) {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

/** A tab nobody looks at gives its connection back. */
function releaseWhenHidden() {
  let timer: ReturnType<typeof setTimeout>;
  let released = false;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(() => {
        released = true;
        unfollow();
      }, HIDDEN_FOR_LONG);
    } else if (released && phase.peek() === "signed-in") {
      released = false;
      void (running.peek() ? followLast() : reload());
      void loadConversations();
    }
  });
}

takeSetupToken();
addEventListener("hashchange", takeSetupToken);
addEventListener("dragover", keepFilesOut);
addEventListener("drop", keepFilesOut);
// A page kept by the browser for its Back button may show what a person signed out of.
addEventListener("pageshow", (event) => event.persisted && location.reload());
followHistory();
releaseWhenHidden();
void start();
render(<App />, document.getElementById("app")!);
