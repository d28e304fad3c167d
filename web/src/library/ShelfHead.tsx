import { useRef, useState } from "preact/hooks";
import { rich } from "../language/rich";
import { plural, t } from "../language/t";
import { askAbout } from "../state/documentScope";
import { deleteCollection, hasDocuments, renameCollection } from "../state/collections";
import { libraryProblem } from "../state/documents";
import { sharedCollection } from "../state/shared";
import { go } from "../state/route";
import { addFiles } from "../state/uploads";
import type { Collection } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { Icon } from "../ui/Icon";
import { lazy } from "../ui/lazy";
import { Menu } from "../ui/Menu";
import { RenameField } from "../ui/RenameField";

const ShareDialog = lazy(
  () => import("../sharing/ShareDialog").then((m) => m.ShareDialog),
  () => null,
);

interface HeadProps {
  id: string | null;
  /** Undefined: all documents, or not read yet. */
  collection: Collection | undefined;
}

/** The name of what is listed below, and what can be done to all of it. */
export function ShelfHead({ id, collection }: HeadProps) {
  const [renaming, setRenaming] = useState(false);
  const [doomed, setDoomed] = useState(false);
  const [sharing, setSharing] = useState(false);
  const theirs = sharedCollection(id);
  const name = id ? ((collection ?? theirs)?.name ?? "") : t("All documents");

  const rename = async (text: string) => {
    setRenaming(false);
    const wanted = text.trim();
    if (!collection || !wanted || wanted === name) return;
    try {
      await renameCollection(collection.id, wanted);
      announce(t("Renamed"));
    } catch (error) {
      libraryProblem.value = error instanceof Error ? error.message : String(error);
    }
  };

  const remove = async () => {
    await deleteCollection(collection!.id);
    announce(t("Collection deleted"));
    go("/library", "replace");
  };

  return (
    <header class="shelf-head">
      {renaming ? (
        <RenameField name={name} onDone={(text) => void rename(text)} />
      ) : (
        <h2 id="shelf">
          {name}
          {theirs && <span class="tag">{t("By {name}", { name: theirs.owner })}</span>}
        </h2>
      )}
      {(theirs || (collection ? collection.documents > 0 : hasDocuments.value)) && (
        <Button onClick={() => askAbout(id ? { collection_ids: [id] } : {})}>{t("Ask")}</Button>
      )}
      {!theirs && <AddButton collectionId={id} />}
      {collection && (
        <Menu
          label={t("More for {title}", { title: name })}
          items={[
            { label: t("Rename"), icon: "edit", run: () => setRenaming(true) },
            { label: t("Share…"), icon: "people", run: () => setSharing(true) },
            { label: t("Delete"), icon: "trash", danger: true, run: () => setDoomed(true) },
          ]}
        />
      )}
      {sharing && collection && (
        <ShareDialog {...collection} kind="collection" onClose={() => setSharing(false)} />
      )}
      {doomed && collection && (
        <DeleteDialog
          title={t("Delete this collection?")}
          onDelete={remove}
          onClose={() => setDoomed(false)}
        >
          {rich("{name} and {documents} in it will be gone for good.", {
            name: <strong>{name}</strong>,
            documents: plural(collection.documents, "{n} document", "{n} documents"),
          })}
        </DeleteDialog>
      )}
    </header>
  );
}

function AddButton({ collectionId }: { collectionId: string | null }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look="primary" onClick={() => input.current?.click()}>
        <Icon name="upload" /> {t("Add files")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("Files to add")}
        onChange={(event) => {
          addFiles(event.currentTarget.files ?? [], collectionId);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
