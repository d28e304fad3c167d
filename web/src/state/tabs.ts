// Browsers open six connections to a host, and all tabs of this page share them. So only the tabs that began to
// follow an answer last hold a stream, and one that nobody looks at gives its own back. The others look now and then.
import { effect } from "@preact/signals";
import { followLast } from "./asking";
import { reload, rows, running } from "./chat";
import { loadConversations } from "./conversations";
import { newId } from "./ids";
import { phase } from "./session";
import { current, following, released, unfollow } from "./stream";

/** Streams of all tabs together. */
const MOST = 3;
const LOOK = 3_000;
const HIDDEN_FOR_LONG = 60_000;

interface Said {
  tab: string;
  /** It holds a stream from now on, or no longer. */
  follows: boolean;
}

const tab = newId();
const channel = new BroadcastChannel("gantry.streams");
/** Other tabs that began to follow after this one. */
const newer = new Set<string>();
let timer: ReturnType<typeof setTimeout>;

const say = (follows: boolean) => channel.postMessage({ tab, follows } satisfies Said);

effect(() => {
  if (current.value) {
    released.value = false;
    newer.clear();
  }
  say(current.value !== null);
});

channel.onmessage = ({ data }: MessageEvent<Said>) => {
  if (data.follows) newer.add(data.tab);
  else newer.delete(data.tab);
  if (following() && newer.size >= MOST) release();
};

/** The server has what was asked: nothing is lost when its stream is given up. */
const accepted = () => !rows.peek().at(-1)?.message.peek().answer?.id.startsWith("expected-");

function release() {
  if (!accepted()) {
    timer = setTimeout(release, LOOK);
    return;
  }
  released.value = true;
  unfollow();
  clearTimeout(timer);
  timer = setTimeout(look, LOOK);
}

/** A short question in place of the stream. */
async function look() {
  if (!released.peek()) return;
  const here = phase.peek() === "signed-in" && !document.hidden;
  if (here && running.peek()) await reload();
  if (released.peek() && running.peek()) timer = setTimeout(look, LOOK);
}

/** Somebody looks at this tab. */
function takeUp() {
  if (!released.peek() || document.hidden || phase.peek() !== "signed-in") return;
  released.value = false;
  void (running.peek() ? followLast() : reload());
  void loadConversations();
}

addEventListener("focus", takeUp);
addEventListener("pagehide", () => say(false));
document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (document.hidden) timer = setTimeout(release, newer.size ? 0 : HIDDEN_FOR_LONG);
  else takeUp();
});
