import "./styles/tokens.css";
import "./styles/base.css";
import "./state/prefs";
import { render } from "preact";
import { App } from "./app";
import { loadLanguage } from "./language/language";
import { followHistory } from "./state/route";
import { invitation, setupToken, start } from "./state/session";

/** A one-time token leaves the address bar, and so the history, before anything else happens. */
function takeToken() {
  const found = /^#(setup|invite)=([^&]+)/.exec(location.hash);
  if (!found) return;
  history.replaceState(null, "", location.pathname);
  try {
    const of = found[1] === "setup" ? setupToken : invitation;
    of.value = decodeURIComponent(found[2]!);
  } catch {
    // Cut off while it was copied: as good as none.
  }
}

/** A file dropped beside its place would be opened instead of this page. */
function keepFilesOut(event: DragEvent) {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

takeToken();
addEventListener("hashchange", takeToken);
addEventListener("dragover", keepFilesOut);
addEventListener("drop", keepFilesOut);
// A page kept by the browser for its Back button may show what a person signed out of.
addEventListener("pageshow", (event) => event.persisted && location.reload());
followHistory();
// Nobody sees the page in a language that is not theirs, and there is nothing to see before it is known whose it is.
void Promise.all([start(), loadLanguage()]).then(() =>
  render(<App />, document.getElementById("app")!),
);
