// Who is signed in, and what the page may show before anybody is.
import { computed, signal } from "@preact/signals";
import { api, ApiError, read, whenReached, whenSignedOut } from "../api";
import type { User } from "../types";

export type Phase = "loading" | "unreachable" | "setup" | "signed-out" | "signed-in";

export const phase = signal<Phase>("loading");
export const user = signal<User | null>(null);
export const calledName = computed(() => user.value?.display_name || user.value?.name || "");
/** The session ended while the page was in use: ask again without losing what is on screen. */
export const expired = signal(false);
/** The server was not there when it was last asked; what is on screen goes on. */
export const unreached = signal(false);
export const setupToken = signal<string | null>(null);
/** The token of a link that lets somebody in. */
export const invitation = signal<string | null>(null);

whenSignedOut(() => {
  if (phase.peek() === "signed-in") expired.value = true;
});

whenReached((reached) => (unreached.value = !reached));

/** Says by `unreached` whether it is there again. */
export const callServer = () => read("/health").catch(() => {});

export function enter(person: User) {
  user.value = person;
  expired.value = false;
  phase.value = "signed-in";
}

export async function start() {
  phase.value = "loading";
  await look();
}

/** Who is signed in, with what is on screen left there meanwhile. */
export async function look() {
  try {
    enter(await api.me());
  } catch (error) {
    const refused = error instanceof ApiError && error.status === 401;
    if (!refused) phase.value = "unreachable";
    else phase.value = error.code === "setup_needed" ? "setup" : "signed-out";
  }
}
