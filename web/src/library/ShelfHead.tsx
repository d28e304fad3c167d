import { useRef, useState } from "preact/hooks";
import { askAbout } from "../state/documentScope";
import { deleteCollection, hasDocuments, renameCollection } from "../state/collections";
import { libraryProblem } from "../state/documents";
import { go } from "../state/route";
import { addFiles } from "../state/uploads";
import type { Collection } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { RenameField } from "../ui/RenameField";
import { countText } from "./status";

interface HeadProps {
  id: string | null;
  /** Undefined: all documents, or not read yet. */
  collection: Collection | undefined;
}

/** The name of what is listed below, and what can be done to all of it. */
export function ShelfHead({ id, collection }: HeadProps) {
  const [renaming, setRenaming] = useState(false);
  const [doomed, setDoomed] = useState(false);
  const name = id ? (collection?.name ?? "") : "All documents";

  const rename = async (text: string) => {
    setRenaming(false);
    const wanted = text.trim();
    if (!collection || !wanted || wanted === name) return;
    try {
      await renameCollection(collection.id, wanted);
      announce("Renamed");
    } catch (error) {
      libraryProblem.value = error instanceof Error ? error.message : String(error);
    }
  };

  const remove = async () => {
    await deleteCollection(collection!.id);
    announce("Collection deleted");
    go("/library", "replace");
  };

  return (
    <header class="shelf-head">
      {renaming ? (
        <RenameField name={name} onDone={(text) => void rename(text)} />
      ) : (
        <h2 id="shelf">{name}</h2>
      )}
      {(collection ? collection.documents > 0 : hasDocuments.value) && (
        <Button onClick={() => askAbout(id ? { collection_ids: [id] } : {})}>Ask</Button>
      )}
      <AddButton collectionId={id} />
      {collection && (
        <Menu
          label={`More for ${name}`}
          items={[
            { label: "Rename", icon: "edit", run: () => setRenaming(true) },
            { label: "Delete", icon: "trash", danger: true, run: () => setDoomed(true) },
          ]}
        />
      )}
      {doomed && collection && (
        <DeleteDialog
          title="Delete this collection?"
          onDelete={remove}
          onClose={() => setDoomed(false)}
        >
          <strong>{name}</strong> and {countText(collection.documents, "document")} in it will be
          gone for good.
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
        <Icon name="upload" /> Add files
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={(event) => {
          addFiles(event.currentTarget.files ?? [], collectionId);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
