// Who is signed in, and what the page may show before anybody is.
import { signal } from "@preact/signals";
import { api, ApiError, whenSignedOut } from "../api";
import type { Session, User } from "../types";
import { forget } from "./stored";

export type Phase = "loading" | "unreachable" | "setup" | "signed-out" | "signed-in";

export const phase = signal<Phase>("loading");
export const user = signal<User | null>(null);
/** The session ended while the page was in use: ask again without losing what is on screen. */
export const expired = signal(false);
export const setupToken = signal<string | null>(null);

whenSignedOut(() => {
  if (phase.peek() === "signed-in") expired.value = true;
});

function enter(person: User) {
  user.value = person;
  expired.value = false;
  phase.value = "signed-in";
}

export async function start() {
  phase.value = "loading";
  try {
    enter(await api.me());
  } catch (error) {
    const refused = error instanceof ApiError && error.status === 401;
    if (!refused) phase.value = "unreachable";
    else phase.value = error.code === "setup_needed" ? "setup" : "signed-out";
  }
}

export async function setUp(name: string, password: string) {
  try {
    enter(await api.setUp(setupToken.peek() ?? "", name, password));
  } catch (error) {
    // Somebody was faster.
    if (error instanceof ApiError && error.code === "already_set_up") return start();
    throw error;
  }
  setupToken.value = null;
}

export async function signIn(name: string, password: string) {
  const before = user.peek();
  const person = await api.signIn(name, password);
  // What is on screen belongs to somebody else.
  if (before && before.id !== person.id) location.assign("/");
  else enter(person);
}

export async function signOut() {
  try {
    await api.signOut();
  } catch (error) {
    // Signed out already.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
  forget("draft.");
  // Nothing may keep what is on screen there, such as files on their way.
  phase.value = "signed-out";
  // A fresh page: nothing of this person stays in memory.
  location.assign("/");
}

export const changePassword = api.changePassword;

export const sessions = signal<Session[] | null>(null);

export async function loadSessions() {
  sessions.value = (await api.sessions()).items;
}

export async function endSession(id: string) {
  await api.endSession(id);
  sessions.value = sessions.peek()?.filter((session) => session.id !== id) ?? null;
}
