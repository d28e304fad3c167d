// The requests of an answer. Apart, because a first question is typed before any of them is needed.
import { at, request, Unreachable, withBody } from "./api";
import { readEvents, type StreamEvent } from "./events";
import type { Scope } from "./types";

export async function* stream(
  method: string,
  path: string,
  init: RequestInit,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const headers = { ...(init.headers as Record<string, string>), Accept: "text/event-stream" };
  const response = await request(method, path, { ...init, headers, signal });
  try {
    if (response.body) yield* readEvents(response.body);
  } catch {
    throw new Unreachable();
  }
}

export interface ChatRequest {
  conversation_id?: string;
  /** Absent: continue at the leaf; null: a new first message. */
  parent_id?: string | null;
  content: string;
  attachments?: readonly { name: string; text: string }[];
  images?: readonly { id: string; name: string }[];
  model?: string;
  message_id: string;
  /** Absent: as it is. */
  scope?: Scope | null;
  /** Absent: as it is, or the person's default. */
  persona_id?: string | null;
  /** Absent: as it is, or on. */
  memory?: boolean;
  /** Begins a conversation that leaves nothing behind. */
  temporary?: boolean;
}

export const answerApi = {
  chat: (body: ChatRequest, signal: AbortSignal) =>
    stream("POST", "/api/chat", withBody(body), signal),
  follow: (id: string, position: number, signal: AbortSignal) =>
    stream(
      "GET",
      `/api/answers/${at(id)}/events`,
      { headers: { "Last-Event-ID": String(position) } },
      signal,
    ),
  stop: (id: string) => request("POST", `/api/answers/${at(id)}/stop`),
};
