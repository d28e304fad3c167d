import { useEffect } from "preact/hooks";
import { msg, t } from "../language/t";
import type { paged } from "../state/paged";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

const sentences = {
  facts: {
    none: msg("No facts found"),
    unread: msg("The facts could not be read."),
    unknown: msg("No facts with “{words}” are known."),
  },
  conversations: {
    none: msg("No conversations found"),
    unread: msg("The conversations could not be read."),
    unknown: msg("No conversations with “{words}” are known."),
  },
};

interface EndProps {
  list: ReturnType<typeof paged>;
  /** What it is a list of. */
  what: keyof typeof sentences;
  empty: boolean;
}

/** What comes below a list: more of it, nothing found, or why it is not there. */
export function ListEnd({ list, what, empty }: EndProps) {
  const said = sentences[what];
  const state = list.state.value;
  const words = list.words.value;
  const nothing = state === "ready" && empty && words !== "";
  useEffect(() => {
    if (nothing) announce(t(said.none));
  }, [nothing, words]);
  if (state === "failed") {
    return (
      <Notice>
        {t(said.unread)}
        <Button onClick={() => void list.refresh()}>{t("Try again")}</Button>
      </Notice>
    );
  }
  if (state === "loading") return <p class="hint">{t("Reading…")}</p>;
  if (nothing) return <p class="hint">{t(said.unknown, { words })}</p>;
  return list.next.value ? (
    <Button onClick={() => void list.more()}>{t("Show more")}</Button>
  ) : null;
}
