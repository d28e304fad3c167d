import type { LiHTMLAttributes } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { attempt } from "../state/failure";
import { pin, putAway, renameConversation } from "../state/order";
import { path } from "../state/route";
import { sharing } from "../state/shared";
import { begin, chosen, toggle } from "../state/selection";
import type { Conversation } from "../types";
import { announce } from "../ui/announce";
import { Menu } from "../ui/Menu";
import { RenameField } from "../ui/RenameField";
import { drag } from "./dragging";
import { moving } from "./moving";

interface ItemProps {
  conversation: Conversation;
  /** Where in the list it stands. */
  place: LiHTMLAttributes<HTMLLIElement>;
  /** Whether the Tab key stops at it. */
  stop: boolean;
}

export function ConversationItem({ conversation, place, stop }: ItemProps) {
  const [renaming, setRenaming] = useState(false);
  const item = useRef<HTMLLIElement>(null);
  const { id, title } = conversation;

  const rename = async (text: string) => {
    setRenaming(false);
    // The field is gone: the focus goes to what it stood for.
    requestAnimationFrame(() => item.current?.querySelector("a")?.focus());
    const wanted = text.trim();
    if (!wanted || wanted === title) return;
    if (await attempt(() => renameConversation(id, wanted))) announce(t("Renamed"));
  };

  return (
    <li class="conversation" ref={item} {...place}>
      {renaming ? (
        <RenameField name={title} onDone={(text) => void rename(text)} />
      ) : chosen.value ? (
        <Choice conversation={conversation} stop={stop} />
      ) : (
        <Link conversation={conversation} stop={stop} onRename={() => setRenaming(true)} />
      )}
    </li>
  );
}

interface RowProps {
  conversation: Conversation;
  stop: boolean;
}

function Choice({ conversation, stop }: RowProps) {
  const { id, title } = conversation;
  return (
    <label class="nav-link" title={title} draggable {...drag(conversation)}>
      <input
        type="checkbox"
        data-stop
        tabIndex={stop ? 0 : -1}
        checked={chosen.value!.has(id)}
        onClick={(event) => toggle(conversation, event.shiftKey)}
      />
      <span>{title}</span>
    </label>
  );
}

function Link({ conversation, stop, onRename }: RowProps & { onRename: () => void }) {
  const { id, title, pinned } = conversation;
  const address = `/c/${id}`;
  const tabIndex = stop ? 0 : -1;
  return (
    <>
      <a
        class="nav-link"
        dir="auto"
        href={address}
        title={title}
        data-stop
        tabIndex={tabIndex}
        aria-current={path.value === address ? "page" : undefined}
        aria-keyshortcuts={pinned ? "Alt+ArrowUp Alt+ArrowDown" : undefined}
        {...drag(conversation)}
      >
        {title}
      </a>
      <Menu
        label={t("More for {title}", { title })}
        tabIndex={tabIndex}
        items={[
          { label: t("Rename"), icon: "edit", run: onRename },
          {
            label: pinned ? t("Unpin") : t("Pin"),
            icon: "pin",
            run: () => void pin([conversation], !pinned),
          },
          {
            label: t("Move to folder…"),
            icon: "folder",
            run: () => (moving.value = [conversation]),
          },
          {
            label: t("Share…"),
            icon: "people",
            run: () => (sharing.value = { id, kind: "conversation", name: title }),
          },
          { label: t("Choose several"), icon: "check", run: () => begin(conversation) },
          {
            label: t("Archive"),
            icon: "archive",
            run: () => void putAway([conversation], "archived"),
          },
          {
            label: t("Delete"),
            icon: "trash",
            danger: true,
            run: () => void putAway([conversation], "trash"),
          },
        ]}
      />
    </>
  );
}
