// The messages on screen as values: what each change makes of them. Knows no network and no signals.
import type { StreamEvent } from "../events";
import type { Answer, Message, Part, Source } from "../types";

const ENDINGS = new Set(["done", "stopped", "failed"]);

export function textOf(message: Message, type: "text" | "reasoning" = "text"): string {
  let text = "";
  for (const part of message.parts) if (part.type === type) text += part.text;
  return text;
}

/** Text goes on in the last part of its kind, as the server stores it. */
function addText(parts: Part[], type: "text" | "reasoning", text: string): Part[] {
  const last = parts.at(-1);
  if (last?.type !== type) return [...parts, { type, text }];
  return [...parts.slice(0, -1), { type, text: last.text + text }];
}

function addPart(parts: Part[], event: StreamEvent): Part[] {
  const data = event.data as { text: string; code?: string; items?: Source[] };
  if (event.type === "delta") return addText(parts, "text", data.text);
  if (event.type === "reasoning") return addText(parts, "reasoning", data.text);
  if (event.type === "notice")
    return [...parts, { type: "notice", code: data.code ?? "", text: data.text }];
  if (event.type === "sources" || event.type === "memories")
    return [...parts, { type: event.type, items: data.items ?? [] } as Part];
  return parts;
}

/** Events at or before the message's position were seen already, and change nothing. */
export function applyEvent(message: Message, event: StreamEvent): Message {
  const answer = message.answer;
  if (!answer) return message;
  if (ENDINGS.has(event.type)) return { ...message, answer: event.data as Answer };
  if (event.id !== null && event.id <= answer.position) return message;
  const position = event.id ?? answer.position;
  return {
    ...message,
    parts: addPart(message.parts, event),
    answer: { ...answer, position },
  };
}

export function userMessage(fields: {
  id: string;
  conversationId: string;
  parentId: string | null;
  content: string;
  attachments?: Part[];
  siblings: string[];
}): Message {
  return {
    id: fields.id,
    conversation_id: fields.conversationId,
    parent_id: fields.parentId,
    role: "user",
    parts: [{ type: "text", text: fields.content }, ...(fields.attachments ?? [])],
    created_at: Date.now(),
    siblings: fields.siblings,
    answer: null,
  };
}

/** Stands for an answer until the server has said its id. */
export function expectedAnswer(
  parent: Pick<Message, "id" | "conversation_id">,
  siblings: string[],
  model: string,
): Message {
  const id = `expected-${parent.id}`;
  return {
    id,
    conversation_id: parent.conversation_id,
    parent_id: parent.id,
    role: "assistant",
    parts: [],
    created_at: Date.now(),
    siblings: [...siblings, id],
    answer: runningAnswer(id, model),
  };
}

export function runningAnswer(id: string, model: string): Answer {
  return {
    id,
    status: "running",
    model,
    error: null,
    finish_reason: null,
    prompt_tokens: null,
    completion_tokens: null,
    first_token_ms: null,
    duration_ms: null,
    created_at: Date.now(),
    finished_at: null,
    position: 0,
    persona: null,
    thought_ms: null,
    from_cache: false,
  };
}

export function withId(message: Message, id: string, conversationId: string): Message {
  return {
    ...message,
    id,
    conversation_id: conversationId,
    siblings: message.siblings.map((sibling) => (sibling === message.id ? id : sibling)),
    answer: message.answer && { ...message.answer, id },
  };
}
