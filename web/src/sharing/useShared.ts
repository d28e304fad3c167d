import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { sharingApi } from "../sharingApi";
import type { Message, SharedConversation } from "../types";

/** Between two looks at what its owner has done meanwhile. */
const EVERY = 5_000;

export interface Opened {
  state: "loading" | "ready" | "gone" | "failed";
  head: SharedConversation | null;
  messages: Message[];
  /** Where the older ones go on; null: there are none. */
  next: string | null;
}

const NOTHING: Opened = { state: "loading", head: null, messages: [], next: null };

/** A page of the newest behind what was read before it, where they touch. */
export function joined(
  before: Pick<Opened, "messages" | "next">,
  items: Message[],
  next: string | null,
) {
  const at = before.messages.findIndex((one) => one.id === items[0]?.id);
  return at > 0
    ? { messages: [...before.messages.slice(0, at), ...items], next: before.next }
    : { messages: items, next };
}

/** Somebody else's conversation, as it is now: nothing of it stays once it is no longer shared. */
export function useShared(id: string) {
  const [opened, setOpened] = useState(NOTHING);

  const look = async () => {
    try {
      const [head, page] = await Promise.all([
        sharingApi.conversation(id),
        sharingApi.messages(id, null),
      ]);
      setOpened((before) => {
        // What was asked for earlier may come later.
        if (before.state === "gone") return before;
        const now: Opened = { state: "ready", head, ...joined(before, page.items, page.next) };
        // Nothing is drawn anew that is as it was.
        return JSON.stringify(now) === JSON.stringify(before) ? before : now;
      });
    } catch (error) {
      const gone = error instanceof ApiError && error.status === 404;
      // A network that is away for a while takes nothing off the screen.
      setOpened((before) =>
        gone
          ? { ...NOTHING, state: "gone" }
          : before.state === "ready"
            ? before
            : { ...before, state: "failed" },
      );
    }
  };

  const readOlder = async () => {
    const page = await sharingApi.messages(id, opened.next);
    setOpened((before) => ({
      ...before,
      messages: [...page.items, ...before.messages],
      next: page.next,
    }));
  };

  useEffect(() => {
    void look();
    const lookAgain = () => document.visibilityState === "visible" && void look();
    const timer = setInterval(lookAgain, EVERY);
    document.addEventListener("visibilitychange", lookAgain);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", lookAgain);
    };
  }, []);

  return { opened, look, readOlder };
}
