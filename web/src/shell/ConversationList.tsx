import { useEffect, useRef } from "preact/hooks";
import { t } from "../language/t";
import { openConversation, openId, tell } from "../state/chat";
import {
  conversations,
  listState,
  loadConversations,
  loadMoreConversations,
  pinned,
} from "../state/conversations";
import { putAway } from "../state/order";
import { groupByDate } from "../state/dates";
import { go } from "../state/route";
import type { Conversation } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { ConversationItem } from "./ConversationItem";
import { Undo } from "./Undo";

const NEAR_THE_END = 400;

export function ConversationList() {
  const list = useRef<HTMLDivElement>(null);
  const dated = groupByDate(
    conversations.value.filter((one) => !one.pinned),
    Date.now(),
  );
  const top = pinned.value.length ? [{ label: t("Pinned"), items: pinned.value }] : [];
  const groups = [...top, ...dated];

  const onScroll = () => {
    const box = list.current!;
    const left = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (left < NEAR_THE_END) void loadMoreConversations();
  };

  // A tall window shows the whole first page and never scrolls.
  useEffect(onScroll, [conversations.value]);

  const putAwayOne = async ({ id }: Conversation, place: "archived" | "trash") => {
    try {
      await putAway(id, place);
    } catch (error) {
      return tell(error);
    }
    announce(place === "trash" ? t("Deleted. You can undo it.") : t("Archived. You can undo it."));
    if (openId.peek() !== id) return;
    void openConversation(null);
    go("/", "replace");
  };

  return (
    <>
      <div class="conversations" ref={list} onScroll={onScroll}>
        {listState.value === "failed" && (
          <div class="hint">
            <p>{t("The conversations could not be read.")}</p>
            <Button onClick={() => void loadConversations()}>{t("Try again")}</Button>
          </div>
        )}
        {listState.value === "ready" && !groups.length && (
          <p class="hint">{t("Your conversations will be listed here.")}</p>
        )}
        {groups.map((group, at) => (
          <section key={group.label} aria-labelledby={`group-${at}`}>
            <h2 id={`group-${at}`}>{group.label}</h2>
            <ul>
              {group.items.map((one) => (
                <ConversationItem
                  key={one.id}
                  conversation={one}
                  onPutAway={(place) => void putAwayOne(one, place)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Undo />
    </>
  );
}
