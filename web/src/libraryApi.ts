// The requests of the library; apart from the others, because a first visit makes none of them.
import { at, query, read, refusal, request, send, Unreachable } from "./api";
import { readEvents } from "./events";
import { msg, t } from "./language/t";
import type { Collection, Document, DocumentText, Page, Passage } from "./types";

export const CUT_OFF = msg(
  "The upload was cut off. The network may be gone, or the file is larger than this server takes.",
);

/** Sends one file; only XMLHttpRequest tells how much of it has gone. */
function upload(
  file: File,
  collectionId: string | null,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<Document[]> {
  const body = new FormData();
  // Before the file: the server reads the parts in this order.
  if (collectionId) body.append("collection_id", collectionId);
  body.append("file", file, file.name);
  const ask = new XMLHttpRequest();
  let begun = false;
  return new Promise((resolve, reject) => {
    ask.upload.onprogress = ({ loaded }) => {
      begun = true;
      onProgress(Math.min(loaded, file.size));
    };
    ask.onload = () => {
      if (ask.status === 202 || ask.status === 201 || ask.status === 200)
        resolve((JSON.parse(ask.responseText) as { items: Document[] }).items);
      else void refusal(responseOf(ask)).then(reject);
    };
    ask.onerror = () => reject(begun ? new Error(t(CUT_OFF)) : new Unreachable());
    ask.onabort = () => reject(new DOMException("Cancelled", "AbortError"));
    signal.addEventListener("abort", () => ask.abort(), { once: true });
    ask.open("POST", "/api/documents");
    ask.setRequestHeader("Accept", "application/json");
    ask.send(body);
  });
}

function responseOf(ask: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ["Content-Type", "Retry-After"]) {
    const value = ask.getResponseHeader(name);
    if (value) headers.set(name, value);
  }
  const { status, statusText } = ask;
  return new Response(ask.responseText, { status, statusText, headers });
}

const one = (id: string) => `/api/documents/${at(id)}`;

export interface SearchRequest {
  query: string;
  collection_ids?: string[];
  document_ids?: string[];
  limit?: number;
}

export const libraryApi = {
  answers: () =>
    read("/health").then(
      () => true,
      (error: unknown) => !(error instanceof Unreachable),
    ),

  collections: (before: string | null, limit: number) =>
    read<Page<Collection>>(`/api/collections${query({ before, limit })}`),
  addCollection: (name: string) => send<Collection>("POST", "/api/collections", { name }),
  renameCollection: (id: string, name: string) =>
    send<Collection>("PATCH", `/api/collections/${at(id)}`, { name }),
  deleteCollection: (id: string) => request("DELETE", `/api/collections/${at(id)}`),

  upload,
  documents: (collectionId: string | null, before: string | null, limit: number) =>
    read<Page<Document>>(`/api/documents${query({ collection_id: collectionId, before, limit })}`),
  document: (id: string) => read<Document>(one(id)),
  text: (id: string) => read<DocumentText>(`${one(id)}/text`),
  /** Where the original can be had. */
  contentAddress: (id: string) => `${one(id)}/content`,
  change: (id: string, how: "retry" | "pause" | "resume") =>
    send<Document | undefined>("POST", `${one(id)}/${how}`, {}),
  deleteDocument: (id: string) => request("DELETE", one(id)),
  restoreDocument: (id: string) => send<Document | undefined>("POST", `${one(id)}/restore`, {}),
  search: (body: SearchRequest, signal: AbortSignal) =>
    send<Page<Passage>>("POST", "/api/documents/search", body, signal),

  /** Resolves once the server has taken the request, so that nothing after it is missed. */
  async events(signal: AbortSignal) {
    const headers = { Accept: "text/event-stream" };
    const response = await request("GET", "/api/documents/events", { headers, signal });
    return readEvents(response.body!);
  },
};
