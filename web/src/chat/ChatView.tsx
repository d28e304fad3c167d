import { useEffect } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { chatState, conversation, openConversation, reload, rows } from "../state/chat";
import { PageHeader } from "../shell/PageHeader";
import { Button } from "../ui/Button";
import { Composer } from "./Composer";
import { lazy } from "../ui/lazy";
import { Markdown } from "./markdown";
import { Welcome } from "./Welcome";
import "./chat.css";

const Reading = () => <div class="messages" aria-busy="true" />;
const MessageList = lazy(() => import("./MessageList").then((m) => m.MessageList), Reading);

export function ChatView({ id }: { id: string | null }) {
  useEffect(() => void openConversation(id), [id]);
  // Not needed to type the first question, but right after it.
  useEffect(() => {
    MessageList.preload();
    Markdown.preload();
  }, []);
  const title = id ? (conversation.value?.title ?? "") : t("New chat");
  return (
    <div class="view">
      <PageHeader title={title} />
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
