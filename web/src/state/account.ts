// Coming and going: accounts, sign-in, sessions. Apart, because who is signed in needs none of it.
import { signal } from "@preact/signals";
import { accountApi } from "../accountApi";
import { ApiError } from "../api";
import type { Session } from "../types";
import { enter, invitation, phase, setupToken, start, user } from "./session";
import { forget } from "./stored";

export async function setUp(name: string, password: string) {
  try {
    enter(await accountApi.setUp(setupToken.peek() ?? "", name, password));
  } catch (error) {
    // Somebody was faster.
    if (error instanceof ApiError && error.code === "already_set_up") return start();
    throw error;
  }
  setupToken.value = null;
}

export async function signIn(name: string, password: string) {
  const before = user.peek();
  const person = await accountApi.signIn(name, password);
  // What is on screen belongs to somebody else.
  if (before && before.id !== person.id) location.assign("/");
  else enter(person);
}

/** Take what a link gives: an account, or a new password. */
export async function accept(name: string, password: string) {
  const before = user.peek();
  const person = await accountApi.accept(invitation.peek() ?? "", name, password);
  invitation.value = null;
  // What is on screen belongs to somebody else.
  if (before) location.assign("/");
  else enter(person);
}

export async function signOut() {
  try {
    await accountApi.signOut();
  } catch (error) {
    // Signed out already.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
  away();
}

/** Nothing of this person stays, on the screen or in memory. */
export function away() {
  forget("draft.");
  // Nothing may keep what is on screen there, such as files on their way.
  phase.value = "signed-out";
  location.assign("/");
}

export const changePassword = accountApi.changePassword;

export const sessions = signal<Session[] | null>(null);

export async function loadSessions() {
  sessions.value = (await accountApi.sessions()).items;
}

export async function endSession(id: string) {
  await accountApi.endSession(id);
  sessions.value = sessions.peek()?.filter((session) => session.id !== id) ?? null;
}

export async function endOthers() {
  await accountApi.endOthers();
  sessions.value = sessions.peek()?.filter((session) => session.current) ?? null;
}
