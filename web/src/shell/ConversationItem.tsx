import { useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { tell } from "../state/chat";
import { pinConversation, renameConversation } from "../state/order";
import { path } from "../state/route";
import type { Conversation } from "../types";
import { announce } from "../ui/announce";
import { Menu } from "../ui/Menu";
import { RenameField } from "../ui/RenameField";

interface ItemProps {
  conversation: Conversation;
  onPutAway: (place: "archived" | "trash") => void;
}

export function ConversationItem({ conversation, onPutAway }: ItemProps) {
  const [renaming, setRenaming] = useState(false);
  const item = useRef<HTMLLIElement>(null);
  const { id, title, pinned } = conversation;
  const address = `/c/${id}`;

  const rename = async (text: string) => {
    setRenaming(false);
    // The field is gone: the focus goes to what it stood for.
    requestAnimationFrame(() => item.current?.querySelector("a")?.focus());
    const wanted = text.trim();
    if (!wanted || wanted === title) return;
    try {
      await renameConversation(id, wanted);
      announce(t("Renamed"));
    } catch (error) {
      tell(error);
    }
  };

  const pin = async (on: boolean) => {
    try {
      await pinConversation(id, on);
      announce(on ? t("Pinned") : t("No longer pinned"));
    } catch (error) {
      tell(error);
    }
  };

  if (renaming)
    return (
      <li class="conversation">
        <RenameField name={title} onDone={(text) => void rename(text)} />
      </li>
    );
  return (
    <li class="conversation" ref={item}>
      <a
        class="nav-link"
        dir="auto"
        href={address}
        title={title}
        aria-current={path.value === address ? "page" : undefined}
      >
        {title}
      </a>
      <Menu
        label={t("More for {title}", { title })}
        items={[
          { label: t("Rename"), icon: "edit", run: () => setRenaming(true) },
          pinned
            ? { label: t("Unpin"), icon: "pin", run: () => void pin(false) }
            : { label: t("Pin"), icon: "pin", run: () => void pin(true) },
          { label: t("Archive"), icon: "archive", run: () => onPutAway("archived") },
          { label: t("Delete"), icon: "trash", danger: true, run: () => onPutAway("trash") },
        ]}
      />
    </li>
  );
}
