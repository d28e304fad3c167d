import { rich } from "../language/rich";
import { t } from "../language/t";
import { libraryApi } from "../libraryApi";
import { PageHeader } from "../shell/PageHeader";
import { collectionAddress, placeIn } from "../state/addresses";
import { askAbout } from "../state/documentScope";
import { search } from "../state/route";
import type { Document } from "../types";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { DocumentBody, PagePicker } from "./DocumentBody";
import { Progress } from "./DocumentRow";
import { facts } from "./status";
import { useDocument } from "./useDocument";
import { useTitle } from "./useTitle";
import "./library.css";
import "./viewer.css";

export function DocumentView({ id }: { id: string }) {
  const { opened, retry } = useDocument(id);
  const known = "document" in opened ? opened.document : null;
  const name = known?.name ?? t("Document");
  useTitle(name);
  return (
    <div class="library view">
      <PageHeader title={name} />
      {known && <Tools document={known} pages={"text" in opened ? opened.text.pages.length : 0} />}
      {opened.state === "loading" && (
        <div class="notice-page" aria-busy="true">
          <p class="late">{t("Opening the document…")}</p>
        </div>
      )}
      {opened.state === "missing" && (
        <div class="notice-page">
          <h2>{t("This document does not exist")}</h2>
          <p>
            {rich("It may have been deleted. <a>Open the library</a>", {
              a: (text) => <a href="/library">{text}</a>,
            })}
          </p>
        </div>
      )}
      {opened.state === "failed" && (
        <div class="notice-page">
          <h2>{t("The document could not be read")}</h2>
          <p>{opened.why}</p>
          <Button onClick={retry}>{t("Try again")}</Button>
        </div>
      )}
      {opened.state === "unready" && <Unready document={opened.document} />}
      {opened.state === "ready" && (
        <DocumentBody content={opened.text} at={placeIn(search.value)} />
      )}
    </div>
  );
}

function Tools({ document, pages }: { document: Document; pages: number }) {
  const { id, name, status, warning, collection_id } = document;
  return (
    <div class="viewer-tools">
      <a class="button" href={collectionAddress(collection_id)}>
        <Icon name="left" /> <span>{t("Library")}</span>
      </a>
      <span class="hint">
        {facts(document)}
        {warning && ` · ${t(warning)}`}
      </span>
      {pages > 1 && <PagePicker name={name} pages={pages} />}
      {status === "ready" && (
        <Button onClick={() => askAbout({ document_ids: [id] })}>{t("Ask")}</Button>
      )}
      <a class="button" href={libraryApi.contentAddress(id)} download>
        <Icon name="download" /> <span>{t("Download")}</span>
      </a>
    </div>
  );
}

function Unready({ document }: { document: Document }) {
  const failed = document.status === "failed";
  return (
    <div class="notice-page">
      <h2>{failed ? t("This document could not be read") : t("This document is not ready yet")}</h2>
      {failed ? <p>{t(document.error?.detail ?? "")}</p> : <Progress document={document} />}
    </div>
  );
}
