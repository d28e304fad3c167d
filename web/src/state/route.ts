// The address bar as signals. Views read them; everybody else calls `go`.
import { batch, signal } from "@preact/signals";

export const path = signal(location.pathname);
/** What stands behind the question mark. */
export const search = signal(location.search);

function look() {
  batch(() => {
    path.value = location.pathname;
    search.value = location.search;
  });
}

export function go(to: string, how: "push" | "replace" = "push") {
  if (to === path.peek() + search.peek()) return;
  history[how === "push" ? "pushState" : "replaceState"](null, "", to);
  look();
}

export function followHistory() {
  addEventListener("popstate", look);
}
