// Every request of the page. Knows nothing about signals or views.
import { t } from "./language/t";
import type { Conversation, Message, Model, Page, Problem, Scope, User } from "./types";

/** The server answered, and said no. */
export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfter: number | null,
  ) {
    super(t(problem.detail || problem.title));
  }
  get status() {
    return this.problem.status;
  }
  get code() {
    return this.problem.code;
  }
}

/** No answer from the server at all. */
export class Unreachable extends Error {
  constructor() {
    super(t("The server cannot be reached. Check the network, then try again."));
  }
}

let onSignedOut: () => void = () => {};

/** A small answer that takes longer will not come. */
const PATIENCE = 20_000;

/** Called when a request fails because the session has ended. */
export function whenSignedOut(callback: () => void) {
  onSignedOut = callback;
}

let onReach: (reached: boolean) => void = () => {};

/** Called with each request: whether the server was there at all. */
export function whenReached(callback: (reached: boolean) => void) {
  onReach = callback;
}

async function problemOf(response: Response): Promise<Problem> {
  const known = response.headers.get("Content-Type")?.includes("json");
  const body = known ? ((await response.json().catch(() => ({}))) as Partial<Problem>) : {};
  return {
    type: "about:blank",
    title: response.statusText,
    detail: t("The server answered with an error ({status}). Try again in a moment.", {
      status: `${response.status}`,
    }),
    code: "unexpected",
    ...body,
    status: response.status,
  };
}

/** The error a refusal stands for. */
export async function refusal(response: Response): Promise<ApiError> {
  const problem = await problemOf(response);
  if (problem.code === "not_signed_in") onSignedOut();
  const wait = Number(response.headers.get("Retry-After"));
  return new ApiError(problem, wait > 0 ? wait : null);
}

export async function request(
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { method, credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    onReach(false);
    throw new Unreachable();
  }
  onReach(true);
  if (response.ok) return response;
  throw await refusal(response);
}

export function withBody(body: unknown): RequestInit {
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

const bodyOf = (response: Response) =>
  response.json().catch(() => {
    throw new Unreachable();
  });

export async function read<T>(
  path: string,
  signal: AbortSignal = AbortSignal.timeout(PATIENCE),
): Promise<T> {
  return bodyOf(await request("GET", path, { headers: { Accept: "application/json" }, signal }));
}

export async function send<T>(
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal = AbortSignal.timeout(PATIENCE),
): Promise<T> {
  const response = await request(method, path, { ...withBody(body), signal });
  return response.status === 204 ? (undefined as T) : bodyOf(response);
}

export function query(
  values: Record<string, string | number | boolean | null | undefined>,
): string {
  const given = Object.entries(values).filter(([, value]) => value != null);
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text && `?${text}`;
}

export const at = encodeURIComponent;

export interface ConversationChange {
  memory?: boolean;
  title?: string;
  leaf_id?: string;
  scope?: Scope | null;
  persona_id?: string | null;
  place?: Place;
  pinned?: boolean;
}

type Place = "current" | "archived" | "trash";

interface Which {
  place?: Place;
  pinned?: "true";
}

export const api = {
  me: () => read<User>("/api/auth/me"),

  conversations: (before: string | null, limit: number, which: Which = {}) =>
    read<Page<Conversation>>(`/api/conversations${query({ before, limit, ...which })}`),
  conversation: (id: string) => read<Conversation>(`/api/conversations/${at(id)}`),
  editConversation: (id: string, change: ConversationChange) =>
    send<Conversation>("PATCH", `/api/conversations/${at(id)}`, change),
  messages: (id: string, before: string | null = null, limit = 50) =>
    read<Page<Message>>(`/api/conversations/${at(id)}/messages${query({ before, limit })}`),

  models: () => read<Page<Model>>("/api/models"),
};
