// Server-sent events over fetch: EventSource can neither POST nor be told where to resume.

export interface StreamEvent {
  /** Position in the answer's log; null when the event carries none. */
  id: number | null;
  type: string;
  data: unknown;
}

export class EventParser {
  private decoder = new TextDecoder();
  private rest = "";
  private id: number | null = null;
  private type = "";
  private data: string[] = [];

  push(bytes: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    this.rest += this.decoder.decode(bytes, { stream: true });
    for (;;) {
      const end = this.rest.search(/[\r\n]/);
      // A lone \r at the end may be the first half of \r\n.
      if (end < 0 || (this.rest[end] === "\r" && end === this.rest.length - 1)) return events;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith("\r\n", end) ? 2 : 1));
      const event = this.line(line);
      if (event) events.push(event);
    }
  }

  private line(line: string): StreamEvent | null {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.type = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && /^\d+$/.test(value)) this.id = Number(value);
    return null;
  }

  private dispatch(): StreamEvent | null {
    const { id, type, data } = this;
    this.id = null;
    this.type = "";
    this.data = [];
    return data.length ? { id, type: type || "message", data: JSON.parse(data.join("\n")) } : null;
  }
}

/** The server says something every 4 seconds: a connection this silent is dead, whatever the system thinks. */
const SILENCE = 12_000;

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const parser = new EventParser();
  const reader = body.getReader();
  try {
    for (;;) {
      // Cancelled, it reads as ended.
      const timer = setTimeout(() => void reader.cancel().catch(() => {}), SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    // Ends the request when the consumer stops early.
    void reader.cancel().catch(() => {});
  }
}
