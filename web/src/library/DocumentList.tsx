import { msg, plural, t } from "../language/t";
import {
  deleteDocument,
  documents,
  documentsState,
  moreDocuments,
  openShelf,
  readMoreDocuments,
} from "../state/documents";
import { cancelWaiting, uploads } from "../state/uploads";
import type { Document } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { focusMain } from "../ui/focusMain";
import { DocumentRow, focusRow } from "./DocumentRow";
import { UploadRow } from "./UploadRow";

/** Files that wait are not worth a row each. */
const MOST_WAITING = 3;
const KINDS = msg(
  "PDF, Word, PowerPoint, Excel, OpenDocument, CSV, text, Markdown, HTML, EPUB, RTF, e-mail and source code.",
);

interface ListProps {
  id: string | null;
  /** Somebody else shares them. */
  readOnly: boolean;
}

export function DocumentList({ id, readOnly }: ListProps) {
  const coming = uploads.value.filter((one) => !id || one.collectionId === id);
  let waiting = 0;
  const shown = coming.filter((one) => one.state !== "waiting" || ++waiting <= MOST_WAITING);
  const state = documentsState.value;

  const remove = async (doomed: Document) => {
    const at = documents.peek().findIndex((one) => one.id === doomed.id);
    if (!(await deleteDocument(doomed))) return;
    announce(t("{name} deleted. This can be undone for a minute.", { name: doomed.name }));
    // The row is gone: the focus goes to the one in its place, or else to the way back.
    requestAnimationFrame(() => {
      const left = documents.peek();
      const next = left[Math.min(at, left.length - 1)];
      if (next) focusRow(next.id);
      else document.querySelector<HTMLElement>(".undo button")?.focus();
    });
  };

  if (state === "failed" && !coming.length) {
    return (
      <div class="shelf-note">
        <p>{t("The documents could not be read.")}</p>
        <Button onClick={() => void openShelf(id)}>{t("Try again")}</Button>
      </div>
    );
  }
  if (state === "ready" && !documents.value.length && !coming.length)
    return readOnly ? <p class="shelf-note">{t("None yet.")}</p> : <Empty />;
  return (
    <>
      <ul class="documents" aria-busy={state === "loading"}>
        {shown.map((one) => (
          <UploadRow key={one.key} upload={one} />
        ))}
        {shown.length < coming.length && (
          <li class="document">
            <p class="document-main hint">
              {plural(
                coming.length - shown.length,
                "{n} more file waiting",
                "{n} more files waiting",
              )}
            </p>
            <Button onClick={() => (cancelWaiting(), focusMain())}>
              {t("Cancel all that wait")}
            </Button>
          </li>
        )}
        {documents.value.map((one) => (
          <DocumentRow
            key={one.id}
            document={one}
            inAll={!id}
            readOnly={readOnly}
            onDelete={() => void remove(one)}
          />
        ))}
      </ul>
      {state === "loading" && <p class="shelf-note late">{t("Reading the list…")}</p>}
      {moreDocuments.value && (
        <Button onClick={() => void readMoreDocuments()}>{t("Show more")}</Button>
      )}
    </>
  );
}

function Empty() {
  return (
    <div class="shelf-note">
      <p>{t("No documents yet. Drop files here, or add them with the button.")}</p>
      <p class="hint">
        {t(KINDS)} {t("They stay on this appliance.")}
      </p>
    </div>
  );
}
