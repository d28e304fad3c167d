import { useEffect } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { PageHeader } from "../shell/PageHeader";
import { collections, loadCollections, recount } from "../state/collections";
import { followWhileVisible, unheard } from "../state/documentEvents";
import {
  applyDocument,
  documents,
  libraryProblem,
  openShelf,
  removeDocument,
  rereadDocuments,
} from "../state/documents";
import { found, searchFor, searchText } from "../state/librarySearch";
import { lookForShared, shared, sharedCollection } from "../state/shared";
import { search } from "../state/route";
import { unreached } from "../state/session";
import type { Document } from "../types";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/Button";
import { focusMain } from "../ui/focusMain";
import { Notice } from "../ui/Notice";
import { SearchBox } from "../ui/SearchBox";
import { tried } from "../ui/tried";
import { CollectionNav } from "./CollectionNav";
import { DocumentList } from "./DocumentList";
import { DropZone } from "./DropZone";
import { SearchResults } from "./SearchResults";
import { ShelfHead } from "./ShelfHead";
import { Undo } from "./Undo";
import { useTitle } from "./useTitle";
import "./library.css";

/** What somebody waits for and cannot see. */
function tell({ id, name, status }: Document) {
  const before = documents.peek().find((one) => one.id === id)?.status;
  if (!before || before === status) return;
  if (status === "ready") announce(t("{name} is ready", { name }));
  if (status === "failed") announce(t("{name} could not be read", { name }));
}

export function LibraryView() {
  const id = new URLSearchParams(search.value).get("collection");
  useTitle(t("Library"));
  useEffect(() => {
    void openShelf(id);
    searchFor(searchText.peek(), id, 0);
  }, [id]);
  useEffect(() => {
    void tried(loadCollections);
    lookForShared();
    const onOpen = () => {
      void rereadDocuments();
      void recount();
    };
    return followWhileVisible({
      onDocument: (document) => {
        tell(document);
        applyDocument(document);
      },
      onDeleted: removeDocument,
      onOpen,
    });
  }, []);
  const collection = collections.value?.find((one) => one.id === id);
  const theirs = sharedCollection(id);
  const known = collections.value && shared.value;
  return (
    <DropZone closed={!!theirs} collectionId={id} name={collection?.name ?? ""}>
      <PageHeader title={t("Library")} />
      <div class="view-scroll">
        <div class="library-body">
          <SearchBox
            label={t("Search in documents")}
            maxLength={1000}
            value={searchText.value}
            onSearch={(text, atOnce) => searchFor(text, id, atOnce ? 0 : undefined)}
          />
          <CollectionNav current={id} />
          <section class="shelf" aria-labelledby="shelf">
            {id && known && !collection && !theirs ? (
              <Missing />
            ) : (
              <>
                <ShelfHead id={id} collection={collection} />
                <Problem />
                {unheard.value && !unreached.value && (
                  <p class="hint">{t("Connection lost. Reconnecting…")}</p>
                )}
                {found.value.state === "idle" ? (
                  <DocumentList id={id} readOnly={!!theirs} />
                ) : (
                  <SearchResults />
                )}
              </>
            )}
          </section>
        </div>
      </div>
      <Undo />
    </DropZone>
  );
}

function Missing() {
  return (
    <>
      <h2 id="shelf">{t("This collection does not exist")}</h2>
      <p class="hint">
        {rich("It may have been deleted. <a>Show all documents</a>", {
          a: (text) => <a href="/library">{text}</a>,
        })}
      </p>
    </>
  );
}

function Problem() {
  if (!libraryProblem.value) return null;
  return (
    <Notice>
      {libraryProblem.value}
      <IconButton
        icon="close"
        label={t("Dismiss")}
        onClick={() => ((libraryProblem.value = null), focusMain())}
      />
    </Notice>
  );
}
