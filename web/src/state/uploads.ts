// Files on their way to the library. They go on while other views are open.
import { signal } from "@preact/signals";
import { ApiError, Unreachable } from "../api";
import { msg, t } from "../language/t";
import { CUT_OFF, libraryApi } from "../libraryApi";
import { recount } from "./collections";
import { applyDocument } from "./documents";
import { newId } from "./ids";
import { expired, phase } from "./session";

/** Browsers open six connections to a host, and the page needs some of them. */
const AT_ONCE = 2;
const REST = 4000;
const UNREADABLE = msg("This file cannot be read. It may be a folder, or it was moved or changed.");

export interface Upload {
  key: string;
  file: File;
  collectionId: string | null;
  state: "waiting" | "sending" | "failed";
  sent: number;
  error: string;
}

export const uploads = signal<Upload[]>([]);
/** The server cannot be reached, or asks who this is: those waiting go on by themselves. */
export const resting = signal(false);

const aborts = new Map<string, AbortController>();
const isUnder = (one: Upload) => one.state !== "failed";

function edit(key: string, change: Partial<Upload>) {
  uploads.value = uploads.peek().map((one) => (one.key === key ? { ...one, ...change } : one));
}

function drop(key: string) {
  uploads.value = uploads.peek().filter((one) => one.key !== key);
}

export function addFiles(files: Iterable<File>, collectionId: string | null) {
  const added = [...files].map((file): Upload => ({
    key: newId(),
    file,
    collectionId,
    state: "waiting",
    sent: 0,
    error: "",
  }));
  uploads.value = [...uploads.peek(), ...added];
  pump();
}

export function retryUpload(key: string) {
  edit(key, { state: "waiting", sent: 0, error: "" });
  pump();
}

/** Also forgets one that failed. */
export function cancelUpload(key: string) {
  aborts.get(key)?.abort();
  drop(key);
}

export function cancelWaiting() {
  uploads.value = uploads.peek().filter((one) => one.state !== "waiting");
}

function rest() {
  if (resting.peek()) return;
  resting.value = true;
  const look = async () => {
    if (expired.peek() || !(await libraryApi.answers())) return void setTimeout(look, REST);
    resting.value = false;
    pump();
  };
  setTimeout(look, REST);
}

/** Not the file's fault. A server that lets go of a file at once, and of nothing else, does not want it. */
async function passes(error: unknown) {
  if (error instanceof Unreachable) return !(await libraryApi.answers());
  return error instanceof ApiError && error.code === "not_signed_in";
}

function pump() {
  while (aborts.size < AT_ONCE && !resting.peek()) {
    const next = uploads.peek().find((one) => one.state === "waiting");
    if (!next) return;
    const abort = new AbortController();
    aborts.set(next.key, abort);
    edit(next.key, { state: "sending" });
    void sendOne(next, abort.signal).finally(() => {
      aborts.delete(next.key);
      pump();
    });
  }
}

async function sendOne({ key, file, collectionId }: Upload, signal: AbortSignal) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    return edit(key, { state: "failed", error: t(UNREADABLE) });
  }
  try {
    const onProgress = (sent: number) => edit(key, { sent });
    for (const document of await libraryApi.upload(file, collectionId, onProgress, signal))
      applyDocument(document);
    drop(key);
    void recount();
  } catch (error) {
    if (signal.aborted) return;
    if (await passes(error)) {
      rest();
      return edit(key, { state: "waiting", sent: 0 });
    }
    const why = error instanceof Unreachable ? t(CUT_OFF) : String((error as Error).message);
    edit(key, { state: "failed", error: why });
  }
}

/** Closing the tab ends what is under way. */
uploads.subscribe((list) => {
  removeEventListener("beforeunload", warn);
  if (list.some(isUnder)) addEventListener("beforeunload", warn);
});

function warn(event: Event) {
  if (phase.peek() === "signed-in") event.preventDefault();
}
