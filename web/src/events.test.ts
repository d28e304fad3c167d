import { describe, expect, test, vi } from "vitest";
import { EventParser, readEvents, type StreamEvent } from "./events";

const bytes = (text: string) => new TextEncoder().encode(text);

const expected: StreamEvent[] = [
  { id: 1, type: "start", data: { title: "Grüße" } },
  { id: 4, type: "delta", data: { text: "日本 🚢\u2028" } },
  { id: null, type: "message", data: ["two", "lines"] },
];

const stream = (end: string) =>
  bytes(
    [
      ": ping",
      "",
      "id: 1",
      "event: start",
      'data: {"title":"Grüße"}',
      "",
      "id:4",
      "event:delta",
      'data:{"text":"日本 🚢\u2028"}',
      "",
      'data: ["two",',
      'data: "lines"]',
      "",
      "id: 9",
      'data: "never finished"',
    ].join(end),
  );

function parse(chunks: Uint8Array[]): StreamEvent[] {
  const parser = new EventParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

describe.each([
  ["line feeds", "\n"],
  ["carriage returns and line feeds", "\r\n"],
  ["carriage returns", "\r"],
])("events separated by %s", (_, end) => {
  const all = stream(end);

  test("are read whole", () => {
    expect(parse([all])).toEqual(expected);
  });

  test("are the same when split at any byte", () => {
    for (let at = 0; at <= all.length; at++) {
      expect(parse([all.slice(0, at), all.slice(at)])).toEqual(expected);
    }
  });

  test("are the same byte by byte", () => {
    expect(parse(Array.from(all, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });
});

test("an id belongs to its own event only", () => {
  const events = parse([bytes("id: 3\ndata: 1\n\ndata: 2\n\nid: x\ndata: 3\n\n")]);
  expect(events.map((event) => event.id)).toEqual([3, null, null]);
});

test("a reader that stops early ends the request", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes("data: 1\n\ndata: 2\n\n")),
    cancel: () => void (cancelled = true),
  });
  for await (const event of readEvents(body)) {
    expect(event.data).toBe(1);
    break;
  }
  expect(cancelled).toBe(true);
});

test("a silent connection is ended", async () => {
  vi.useFakeTimers();
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes("data: 1\n\n")),
    cancel: () => void (cancelled = true),
  });
  const events = readEvents(body);
  expect((await events.next()).value?.data).toBe(1);
  const next = events.next();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(cancelled).toBe(false);
  await vi.advanceTimersByTimeAsync(2000);
  expect((await next).done).toBe(true);
  expect(cancelled).toBe(true);
  vi.useRealTimers();
});
