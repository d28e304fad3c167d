import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { libraryApi } from "../libraryApi";
import { followWhileVisible } from "../state/documentEvents";
import type { Document, DocumentText } from "../types";

export type Opened =
  | { state: "loading" }
  | { state: "missing" }
  | { state: "failed"; why: string }
  | { state: "unready"; document: Document }
  | { state: "ready"; document: Document; text: DocumentText };

async function open(id: string): Promise<Opened> {
  try {
    const document = await libraryApi.document(id);
    if (document.status !== "ready") return { state: "unready", document };
    return { state: "ready", document, text: await libraryApi.text(id) };
  } catch (error) {
    // Ids that were never ids are refused in another way.
    if (error instanceof ApiError && [400, 404].includes(error.status)) return { state: "missing" };
    return { state: "failed", why: error instanceof Error ? error.message : String(error) };
  }
}

/** One document with its text; one that is not ready yet is waited for. */
export function useDocument(id: string) {
  const [opened, setOpened] = useState<Opened>({ state: "loading" });
  const [tries, setTries] = useState(0);
  const waiting = opened.state === "unready";
  useEffect(() => {
    let left = false;
    void open(id).then((found) => left || setOpened(found));
    return () => void (left = true);
  }, [id, tries]);
  useEffect(() => {
    if (!waiting) return;
    const onDocument = (document: Document) => {
      if (document.id !== id) return;
      if (document.status === "ready") setTries((count) => count + 1);
      else setOpened({ state: "unready", document });
    };
    const onOpen = () => setTries((count) => count + 1);
    const onDeleted = (gone: string) => {
      if (gone === id) setOpened({ state: "missing" });
    };
    return followWhileVisible({ onDocument, onDeleted, onOpen });
  }, [waiting, id]);
  return { opened, retry: () => setTries((count) => count + 1) };
}
