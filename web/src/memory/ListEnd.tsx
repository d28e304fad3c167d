import { useEffect } from "preact/hooks";
import type { paged } from "../state/paged";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

interface EndProps {
  list: ReturnType<typeof paged>;
  /** What it is a list of. */
  what: string;
  empty: boolean;
}

/** What comes below a list: more of it, nothing found, or why it is not there. */
export function ListEnd({ list, what, empty }: EndProps) {
  const state = list.state.value;
  const words = list.words.value;
  const nothing = state === "ready" && empty && words !== "";
  useEffect(() => {
    if (nothing) announce(`No ${what} found`);
  }, [nothing, words]);
  if (state === "failed") {
    return (
      <Notice>
        The {what} could not be read.
        <Button onClick={() => void list.refresh()}>Try again</Button>
      </Notice>
    );
  }
  if (state === "loading") return <p class="hint">Reading…</p>;
  if (nothing)
    return (
      <p class="hint">
        No {what} with “{words}” are known.
      </p>
    );
  return list.next.value ? <Button onClick={() => void list.more()}>Show more</Button> : null;
}
