import { useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { openFolders, toggleFolder } from "../state/lists";
import { deleteFolder, renameFolder } from "../state/order";
import type { Folder } from "../types";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { RenameField } from "../ui/RenameField";

interface HeadProps {
  id: string;
  folder: Folder;
  row: number;
  stop: boolean;
}

export function FolderHead({ id, folder, row, stop }: HeadProps) {
  const [renaming, setRenaming] = useState(false);
  const head = useRef<HTMLDivElement>(null);
  const open = openFolders.value.has(folder.id);
  const rename = async (text: string) => {
    setRenaming(false);
    requestAnimationFrame(() => head.current?.querySelector("button")?.focus());
    if (text.trim() && text.trim() !== folder.name) await renameFolder(folder.id, text.trim());
  };
  return (
    <div class="folder-head" ref={head} data-row={row}>
      {renaming ? (
        <RenameField
          name={folder.name}
          label={t("Name of the folder")}
          onDone={(text) => void rename(text)}
        />
      ) : (
        <>
          <h2 id={id}>
            <button
              type="button"
              data-stop
              tabIndex={stop ? 0 : -1}
              aria-expanded={open}
              title={folder.name}
              onClick={() => void toggleFolder(folder.id)}
            >
              <Icon name={open ? "folderOpen" : "folder"} />
              <span>{folder.name}</span>
            </button>
          </h2>
          <Menu
            label={t("More for folder {name}", { name: folder.name })}
            tabIndex={stop ? 0 : -1}
            items={[
              { label: t("Rename"), icon: "edit", run: () => setRenaming(true) },
              {
                label: t("Delete folder"),
                icon: "trash",
                danger: true,
                run: () => void deleteFolder(folder),
              },
            ]}
          />
        </>
      )}
    </div>
  );
}
