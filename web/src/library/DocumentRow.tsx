import { apart, t } from "../language/t";
import { libraryApi } from "../libraryApi";
import { documentAddress } from "../state/addresses";
import { askAbout } from "../state/documentScope";
import { collections } from "../state/collections";
import { changeDocument } from "../state/documents";
import type { Document } from "../types";
import { Button, IconButton } from "../ui/Button";
import { download } from "../ui/download";
import { Icon } from "../ui/Icon";
import { Menu, type MenuItem } from "../ui/Menu";
import { facts, isUnderWay, shareDone, stageText } from "./status";

interface RowProps {
  document: Document;
  /** Among those of other collections. */
  inAll: boolean;
  /** Somebody else shares it. */
  readOnly: boolean;
  onDelete: () => void;
}

export function focusRow(id: string) {
  window.document.querySelector<HTMLElement>(`.document[data-id="${CSS.escape(id)}"]`)?.focus();
}

export function DocumentRow({ document, inAll, readOnly, onDelete }: RowProps) {
  const { id, name, status } = document;
  const shelf = collections.value?.find((one) => one.id === document.collection_id)?.name;
  const items: MenuItem[] = [
    {
      label: t("Download"),
      icon: "download",
      run: () => download(libraryApi.contentAddress(id)),
    },
  ];
  if (!readOnly) items.push({ label: t("Delete"), icon: "trash", danger: true, run: onDelete });
  if (status === "ready")
    items.unshift({ label: t("Ask"), icon: "send", run: () => askAbout({ document_ids: [id] }) });
  return (
    <li class="document" data-id={id} tabIndex={-1} aria-label={name}>
      <div class="document-main">
        {status === "ready" ? (
          <a class="document-name" dir="auto" href={documentAddress(id)}>
            {name}
          </a>
        ) : (
          <span class="document-name" dir="auto">
            {name}
          </span>
        )}
        <p class="hint">
          {facts(document)}
          {inAll && shelf && ` · ${apart(shelf)}`}
        </p>
        <Progress document={document} />
        {document.warning && (
          <p class="warning" dir="auto">
            <Icon name="info" /> {t(document.warning)}
          </p>
        )}
        {status === "failed" && (
          <p class="reason" dir="auto">
            <Icon name="alert" />{" "}
            {document.error ? t(document.error.detail) : t("It could not be read.")}
          </p>
        )}
      </div>
      {!readOnly && status === "failed" && (
        <Button
          aria-label={t("Retry {name}", { name })}
          onClick={() => void changeDocument(document, "retry")}
        >
          {t("Retry")}
        </Button>
      )}
      {!readOnly && isUnderWay(document) && (
        <IconButton
          icon="pause"
          label={t("Pause {name}", { name })}
          onClick={() => void changeDocument(document, "pause")}
        />
      )}
      {!readOnly && status === "paused" && (
        <IconButton
          icon="play"
          label={t("Resume {name}", { name })}
          onClick={() => void changeDocument(document, "resume")}
        />
      )}
      <Menu label={t("More for {title}", { title: name })} items={items} />
    </li>
  );
}

export function Progress({ document }: { document: Document }) {
  const text = stageText(document);
  if (!text) return null;
  const share = shareDone(document);
  return (
    <p class="progress">
      {(share !== null || (isUnderWay(document) && document.status !== "queued")) && (
        <progress
          aria-label={t("Progress of {name}", { name: document.name })}
          value={share ?? undefined}
        />
      )}
      <span class="hint">{text}</span>
    </p>
  );
}
