import { useEffect } from "preact/hooks";
import { findingWithin } from "../find/within";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { chatState, conversation, openConversation, reload, rows } from "../state/chat";
import { PageHeader } from "../shell/PageHeader";
import { Button, IconButton } from "../ui/Button";
import { Composer } from "./Composer";
import { lazy } from "../ui/lazy";
import { Markdown } from "./markdown";
import { Welcome } from "./Welcome";
import "./chat.css";

const Reading = () => <div class="messages" aria-busy="true" />;
const Blank = () => null;
const FindBar = lazy(() => import("../find/FindBar").then((m) => m.FindBar), Blank);
const MessageList = lazy(() => import("./MessageList").then((m) => m.MessageList), Reading);

export function ChatView({ id }: { id: string | null }) {
  useEffect(() => {
    void openConversation(id);
    findingWithin.value = false;
  }, [id]);
  // Not needed to type the first question, but right after it.
  useEffect(() => {
    MessageList.preload();
    Markdown.preload();
  }, []);
  const title = id ? (conversation.value?.title ?? "") : t("New chat");
  return (
    <div class="view">
      <PageHeader title={title}>
        {rows.value.length > 0 && (
          <IconButton
            icon="search"
            label={t("Find in this conversation")}
            aria-expanded={findingWithin.value}
            onClick={() => (findingWithin.value = !findingWithin.peek())}
          />
        )}
      </PageHeader>
      {findingWithin.value && rows.value.length > 0 && <FindBar />}
      <Body />
      {chatState.value !== "missing" && <Composer />}
    </div>
  );
}

function Body() {
  const state = chatState.value;
  if (state === "missing") {
    return (
      <div class="notice-page">
        <h2>{t("This conversation does not exist")}</h2>
        <p>
          {rich("It may have been deleted. <a>Start a new chat</a>", {
            a: (text) => <a href="/">{text}</a>,
          })}
        </p>
      </div>
    );
  }
  if (state === "failed") {
    return (
      <div class="notice-page">
        <h2>{t("The conversation could not be read")}</h2>
        <p>{t("Check the network, then try again.")}</p>
        <Button onClick={() => void reload()}>{t("Try again")}</Button>
      </div>
    );
  }
  if (state === "loading") return <Reading />;
  return rows.value.length ? <MessageList /> : <Welcome />;
}
