import { useSignal } from "@preact/signals";
import { plural, t } from "../language/t";
import { libraryApi } from "../libraryApi";
import { scope, wantedScope } from "../state/chat";
import { saveScope } from "../state/documentScope";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { offered } from "./incoming";

/** Documents are read by the library: they are put there only where somebody wants that. */
export function LibraryOffer() {
  const files = offered.value;
  const sent = useSignal(0);
  const adding = useAction(async () => {
    const never = new AbortController().signal;
    for (const file of offered.peek()) {
      const progress = (bytes: number) => (sent.value = Math.round((100 * bytes) / file.size));
      const found = await libraryApi.upload(file, null, progress, never);
      const before = scope.peek();
      const others = before?.document_ids ?? [];
      const ids = found.map((one) => one.id);
      wantedScope.value = { ...(before ?? {}), document_ids: [...new Set([...others, ...ids])] };
      offered.value = offered.peek().filter((one) => one !== file);
    }
    await saveScope();
    announce(t("Added to the library; this conversation is about it"));
  });
  if (!files.length) return null;
  const name = files[0]!.name;
  return (
    <section class="offer" aria-label={t("Documents")}>
      <p>
        {files.length === 1
          ? t("Put {name} into your library, and ask about it?", { name })
          : plural(
              files.length,
              "Put {n} document into your library, and ask about it?",
              "Put {n} documents into your library, and ask about them?",
            )}
      </p>
      {adding.busy && <span class="hint">{t("{percent} % sent", { percent: sent.value })}</span>}
      <Button onClick={() => (offered.value = [])} disabled={adding.busy}>
        {t("No")}
      </Button>
      <Button look="primary" busy={adding.busy} onClick={() => void adding.run()}>
        {t("Add to library")}
      </Button>
      {adding.error && <Notice>{adding.error}</Notice>}
    </section>
  );
}
