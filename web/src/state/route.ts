// The address bar as a signal. Views read `path`; everybody else calls `go`.
import { signal } from "@preact/signals";

export const path = signal(location.pathname);

export function go(to: string, how: "push" | "replace" = "push") {
  if (to === path.peek()) return;
  history[how === "push" ? "pushState" : "replaceState"](null, "", to);
  path.value = to;
}

export function followHistory() {
  addEventListener("popstate", () => (path.value = location.pathname));
}
