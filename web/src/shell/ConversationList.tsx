import { useEffect, useRef, useState } from "preact/hooks";
import { openConversation, openId } from "../state/chat";
import {
  conversations,
  deleteConversation,
  listState,
  loadConversations,
  loadMoreConversations,
} from "../state/conversations";
import { groupByDate } from "../state/dates";
import { go } from "../state/route";
import type { Conversation } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { ConversationItem } from "./ConversationItem";

const NEAR_THE_END = 400;

export function ConversationList() {
  const [doomed, setDoomed] = useState<Conversation | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const groups = groupByDate(conversations.value, Date.now());

  const onScroll = () => {
    const box = list.current!;
    const left = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (left < NEAR_THE_END) void loadMoreConversations();
  };

  // A tall window shows the whole first page and never scrolls.
  useEffect(onScroll, [conversations.value]);

  const remove = async (conversation: Conversation) => {
    await deleteConversation(conversation.id);
    setDoomed(null);
    announce("Conversation deleted");
    if (openId.peek() !== conversation.id) return;
    void openConversation(null);
    go("/", "replace");
  };

  return (
    <div class="conversations" ref={list} onScroll={onScroll}>
      {listState.value === "failed" && (
        <div class="hint">
          <p>The conversations could not be read.</p>
          <Button onClick={() => void loadConversations()}>Try again</Button>
        </div>
      )}
      {listState.value === "ready" && !groups.length && (
        <p class="hint">Your conversations will be listed here.</p>
      )}
      {groups.map((group) => (
        <section key={group.label} aria-labelledby={`group-${group.label}`}>
          <h2 id={`group-${group.label}`}>{group.label}</h2>
          <ul>
            {group.items.map((one) => (
              <ConversationItem key={one.id} conversation={one} onDelete={() => setDoomed(one)} />
            ))}
          </ul>
        </section>
      ))}
      {doomed && (
        <DeleteDialog
          title="Delete this conversation?"
          onDelete={() => remove(doomed)}
          onClose={() => setDoomed(null)}
        >
          <strong>{doomed.title}</strong> and all its messages will be gone for good.
        </DeleteDialog>
      )}
    </div>
  );
}
