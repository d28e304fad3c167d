import { t } from "../language/t";
import { useTitle } from "../library/useTitle";
import { PageHeader } from "../shell/PageHeader";
import { loadConversations } from "../state/conversations";
import { go } from "../state/route";
import { sharingApi } from "../sharingApi";
import { Button } from "../ui/Button";
import { lazy } from "../ui/lazy";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { useShared } from "./useShared";

const Reading = () => <p aria-busy="true" />;
const SharedMessages = lazy(
  () => import("../chat/MessageList").then((m) => m.SharedMessages),
  Reading,
);

export function SharedConversation({ id }: { id: string }) {
  const { opened, look, readOlder } = useShared(id);
  const older = useAction(readOlder);
  const copying = useAction(async () => {
    const copy = await sharingApi.copy(id);
    go(`/c/${copy.id}`);
    await loadConversations();
  });
  const { state, head, messages, next } = opened;
  useTitle(head?.title ?? t("Shared with you"));

  if (state === "gone") return <Gone />;
  if (state === "failed") {
    return (
      <div class="notice-page">
        <h2>{t("The conversation could not be read")}</h2>
        <p>{t("Check the network, then try again.")}</p>
        <Button onClick={() => void look()}>{t("Try again")}</Button>
      </div>
    );
  }
  return (
    <div class="view">
      <PageHeader title={head?.title ?? ""} />
      <div class="messages" aria-busy={state === "loading"}>
        <div class="message-column">
          {head && (
            <p class="hint">
              {t("{name} shares this with you to read. You see it as it is now.", {
                name: head.owner,
              })}
            </p>
          )}
          {next && (
            <div class="older">
              <Button busy={older.busy} onClick={() => void older.run()}>
                {t("Show older messages")}
              </Button>
            </div>
          )}
          {older.error && <Notice>{older.error}</Notice>}
          {state === "ready" && <SharedMessages list={messages} />}
          {copying.error && <Notice>{copying.error}</Notice>}
          {messages.length > 0 && (
            <Button busy={copying.busy} onClick={() => void copying.run()}>
              {t("Continue in a copy")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function Gone() {
  return (
    <div class="view">
      <PageHeader title={t("Shared with you")} />
      <div class="notice-page">
        <h2>{t("This conversation is not shared with you")}</h2>
        <p>{t("Its owner may have stopped sharing it, or deleted it.")}</p>
        <a class="button" href="/shared">
          {t("All that is shared with you")}
        </a>
      </div>
    </div>
  );
}
