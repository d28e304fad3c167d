// Drafts on the server, so that another device finds them. This browser's own copy is the one that is written in.
import { ApiError, at, read, request, withBody } from "../api";
import type { Draft } from "../types";
import { conversation, openId, wantedTemporary } from "./chat";
import { readDraft, whenDrafted } from "./drafts";
import { user } from "./session";
import { keep, recall } from "./stored";

/** Null: what has not begun. */
type Place = string | null;

const PAUSE = 1_000;
const LONGEST = 100_000;
/** More than that no browser sends while the page is closed. */
const LAST_MOMENT = 15_000;

const path = (place: Place) => `/api/drafts/${at(place ?? "new")}`;

/** The server's time of what both have; none while this browser has something else. */
const key = (place: Place) => `draft.${user.peek()?.id}.${place ?? "new"}.at`;

const timers = new Map<Place, ReturnType<typeof setTimeout>>();
/** When it was written, of what the server does not have yet. */
const changed = new Map<Place, number>();

const temporary = (place: Place) =>
  place !== null && place === openId.peek() && conversation.peek()?.place === "temporary";

function hear(place: Place) {
  keep(key(place), "");
  changed.set(place, Date.now());
  clearTimeout(timers.get(place));
  timers.set(
    place,
    setTimeout(() => void push(place), PAUSE),
  );
}

async function push(place: Place, keepalive = false) {
  clearTimeout(timers.get(place));
  const since = changed.get(place);
  const own = readDraft(place);
  const text = place === null && wantedTemporary.peek() ? "" : own;
  changed.delete(place);
  if (since === undefined || temporary(place) || text.length > LONGEST) return;
  if (keepalive && text.length > LAST_MOMENT) return;
  try {
    const body = withBody({ text, age: Math.max(0, Date.now() - since) });
    const kept: Draft = await (await request("PUT", path(place), { ...body, keepalive })).json();
    if (readDraft(place) === own && kept.text === own) keep(key(place), String(kept.at));
  } catch (error) {
    // It stays here: the next letter, or the network when it is back, tries again.
    if (!(error instanceof ApiError) && !changed.has(place)) changed.set(place, since);
  }
}

const pushAll = (keepalive: boolean) => {
  for (const place of [...changed.keys()]) void push(place, keepalive);
};

/** What another device has written since; null where this browser's own text stands. */
export async function newerDraft(place: Place): Promise<Draft | null> {
  const own = readDraft(place);
  const base = recall(key(place));
  if (temporary(place) || (place === null && wantedTemporary.peek())) return null;
  if (own && !base) {
    if (!changed.has(place)) changed.set(place, Date.now());
    await push(place);
    return null;
  }
  const found = await read<Draft>(path(place));
  if (readDraft(place) !== own || found.at <= Number(base)) return null;
  if (found.text !== own) return found;
  keep(key(place), String(found.at));
  return null;
}

/** It is this browser's now, and nothing is to be told. */
export function tookDraft(place: Place, draft: Draft) {
  clearTimeout(timers.get(place));
  changed.delete(place);
  keep(key(place), String(draft.at));
}

whenDrafted(hear);
addEventListener("pagehide", () => pushAll(true));
addEventListener("online", () => pushAll(false));
