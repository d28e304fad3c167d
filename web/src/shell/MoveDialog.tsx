import { useState } from "preact/hooks";
import { plural, t } from "../language/t";
import { folders, toggleFolder } from "../state/lists";
import { addFolder, intoFolder } from "../state/order";
import { choosing, end } from "../state/selection";
import type { Conversation, Folder } from "../types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { moving } from "./moving";
import "../settings/sheet.css";

const LONGEST = 200;

/** Where to, out of all folders or a new one. */
export function MoveDialog({ all }: { all: Conversation[] }) {
  const [name, setName] = useState("");
  const typed = name.trim();
  const close = () => (moving.value = null);
  const shown = folders.value.filter((one) =>
    one.name.toLocaleLowerCase().includes(typed.toLocaleLowerCase()),
  );
  const to = async (folder: Folder | null) => {
    close();
    if ((await intoFolder(all, folder)) && choosing()) end();
  };
  const create = useAction(async () => {
    const same = folders.peek().find((one) => one.name === typed);
    const folder = same ?? (await addFolder(typed));
    await toggleFolder(folder.id, true);
    await to(folder);
  });
  const inside = all.some((one) => one.folder_id);
  return (
    <Dialog class="move" title={t("Move to folder")} onClose={close}>
      <p class="hint">
        {all.length === 1
          ? all[0]!.title
          : plural(all.length, "{n} conversation", "{n} conversations")}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed) void create.run();
        }}
      >
        <input
          type="text"
          aria-label={t("Find or name a folder")}
          placeholder={t("Find or name a folder")}
          autoComplete="off"
          autoFocus
          maxLength={LONGEST}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        {typed && !folders.value.some((one) => one.name === typed) && (
          <Button type="submit" look="primary" busy={create.busy}>
            {t("Make folder {name}", { name: typed })}
          </Button>
        )}
      </form>
      {create.error && <Notice>{create.error}</Notice>}
      <ul class="move-to">
        {inside && !typed && (
          <li>
            <button type="button" class="nav-link quiet" onClick={() => void to(null)}>
              <Icon name="close" /> {t("In no folder")}
            </button>
          </li>
        )}
        {shown.map((folder) => (
          <li key={folder.id}>
            <button type="button" class="nav-link quiet" onClick={() => void to(folder)}>
              <Icon name="folder" /> <span>{folder.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {!folders.value.length && !typed && (
        <p class="hint">{t("There is no folder yet. Type a name to make one.")}</p>
      )}
    </Dialog>
  );
}
