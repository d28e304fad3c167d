import { beforeEach, expect, test, vi } from "vitest";
import type { Document } from "../types";

/** Requests that end when the test says so. */
class FakeRequest {
  static all: FakeRequest[] = [];
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  statusText = "";
  responseText = "";
  body!: FormData;
  open() {}
  setRequestHeader() {}
  getResponseHeader = (name: string) => (name === "Content-Type" ? "application/json" : null);
  send(body: FormData) {
    this.body = body;
    FakeRequest.all.push(this);
  }
  abort() {
    this.onabort?.();
  }
  answer(status: number, body: object) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
  get name() {
    return (this.body.get("file") as File).name;
  }
}

vi.stubGlobal("XMLHttpRequest", FakeRequest);
vi.stubGlobal("fetch", async () => Response.json({ items: [], next: null }));
const leaving = { add: vi.fn(), remove: vi.fn() };
vi.stubGlobal("addEventListener", leaving.add);
vi.stubGlobal("removeEventListener", leaving.remove);

const { addFiles, cancelUpload, cancelWaiting, resting, retryUpload, uploads } =
  await import("./uploads");
const { documents } = await import("./documents");

const files = (...names: string[]) => names.map((name) => new File(["12345678"], name));
const states = () => uploads.value.map(({ file, state }) => `${file.name} ${state}`);
const begun = async (count: number) =>
  vi.waitFor(() => expect(FakeRequest.all).toHaveLength(count));

beforeEach(() => {
  for (const { key } of uploads.value) cancelUpload(key);
  FakeRequest.all = [];
});

test("two at a time, each with its progress, and each a document in the end", async () => {
  addFiles(files("a.pdf", "b.pdf", "c.pdf"), "shelf");
  await begun(2);
  expect(states()).toEqual(["a.pdf sending", "b.pdf sending", "c.pdf waiting"]);
  expect(leaving.add).toHaveBeenCalledWith("beforeunload", expect.anything());
  const [first] = FakeRequest.all;
  expect(first!.body.get("collection_id")).toBe("shelf");
  // The request is a little larger than the file in it.
  first!.upload.onprogress!({ loaded: 4 });
  expect(uploads.value[0]?.sent).toBe(4);
  first!.upload.onprogress!({ loaded: 900 });
  expect(uploads.value[0]?.sent).toBe(8);
  first!.answer(202, { items: [{ id: "d", created_at: 1, updated_at: 1 } as Document] });
  await begun(3);
  expect(documents.value.map(({ id }) => id)).toEqual(["d"]);
  expect(states()).toEqual(["b.pdf sending", "c.pdf sending"]);
});

test("a refused one says why and can be sent again, the others go on", async () => {
  addFiles(files("big.pdf", "b.pdf"), null);
  await begun(2);
  const [big] = FakeRequest.all.filter((one) => one.name === "big.pdf");
  expect(big!.body.has("collection_id")).toBe(false);
  big!.answer(413, { status: 413, code: "too_large", detail: "A file may have up to 9 MB" });
  await vi.waitFor(() => expect(uploads.value[0]?.error).toBe("A file may have up to 9 MB"));
  expect(states()).toEqual(["big.pdf failed", "b.pdf sending"]);
  retryUpload(uploads.value[0]!.key);
  await begun(3);
  expect(uploads.value[0]).toMatchObject({ state: "sending", sent: 0, error: "" });
});

test("one cut off in the middle says so", async () => {
  addFiles(files("a.pdf"), null);
  await begun(1);
  FakeRequest.all[0]!.upload.onprogress!({ loaded: 2 });
  FakeRequest.all[0]!.onerror!();
  await vi.waitFor(() => expect(states()).toEqual(["a.pdf failed"]));
  expect(uploads.value[0]!.error).toContain("cut off");
});

test("a file the server lets go of at once, while it answers, is not tried for ever", async () => {
  addFiles(files("huge.pdf"), null);
  await begun(1);
  FakeRequest.all[0]!.onerror!();
  await vi.waitFor(() => expect(states()).toEqual(["huge.pdf failed"]));
  expect(uploads.value[0]!.error).toContain("larger than this server takes");
  expect(resting.value).toBe(false);
});

test.each([
  ["cannot be reached", (one: FakeRequest) => one.onerror!()],
  ["asks who this is", (one: FakeRequest) => one.answer(401, { code: "not_signed_in" })],
])("while the server %s all wait, and then go on by themselves", async (_, fail) => {
  addFiles(files("a.pdf", "b.pdf", "c.pdf"), null);
  await begun(2);
  let away = true;
  vi.stubGlobal("fetch", async () => {
    if (away) throw new TypeError("Failed to fetch");
    return Response.json({ items: [], next: null });
  });
  vi.useFakeTimers();
  for (const one of FakeRequest.all) fail(one);
  await vi.waitFor(() => expect(resting.value).toBe(true));
  expect(states()).toEqual(["a.pdf waiting", "b.pdf waiting", "c.pdf waiting"]);
  await vi.advanceTimersByTimeAsync(4000);
  expect(FakeRequest.all).toHaveLength(2);
  away = false;
  await vi.advanceTimersByTimeAsync(4000);
  vi.useRealTimers();
  await begun(4);
  expect(states()).toEqual(["a.pdf sending", "b.pdf sending", "c.pdf waiting"]);
});

test("all that wait can be cancelled at once", async () => {
  addFiles(files("a.pdf", "b.pdf", "c.pdf", "d.pdf"), null);
  await begun(2);
  cancelWaiting();
  expect(states()).toEqual(["a.pdf sending", "b.pdf sending"]);
});

test("a cancelled one is gone and makes room", async () => {
  addFiles(files("a.pdf", "b.pdf", "c.pdf"), null);
  await begun(2);
  cancelUpload(uploads.value[0]!.key);
  await begun(3);
  expect(states()).toEqual(["b.pdf sending", "c.pdf sending"]);
});

test("a file that is none, such as a folder, is not sent", async () => {
  const folder = new File([], "folder");
  folder.slice = () => {
    throw new DOMException("gone", "NotFoundError");
  };
  addFiles([folder], null);
  await vi.waitFor(() => expect(states()).toEqual(["folder failed"]));
  expect(uploads.value[0]!.error).toContain("cannot be read");
  expect(FakeRequest.all).toEqual([]);
});
