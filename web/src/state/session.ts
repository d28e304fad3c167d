// Who is signed in, and what the page may show before anybody is.
import { signal } from "@preact/signals";
import { api, ApiError, whenSignedOut } from "../api";
import type { User } from "../types";

export type Phase = "loading" | "unreachable" | "setup" | "signed-out" | "signed-in";

export const phase = signal<Phase>("loading");
export const user = signal<User | null>(null);
/** The session ended while the page was in use: ask again without losing what is on screen. */
export const expired = signal(false);
export const setupToken = signal<string | null>(null);
/** The token of a link that lets somebody in. */
export const invitation = signal<string | null>(null);

whenSignedOut(() => {
  if (phase.peek() === "signed-in") expired.value = true;
});

export function enter(person: User) {
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
