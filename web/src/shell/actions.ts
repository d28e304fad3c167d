// What a person can do from anywhere: one table for the keys, the sheet that lists them, and the palette.
import { msg, t } from "../language/t";
import { findingWithin } from "../find/within";
import {
  asking,
  last,
  openConversation,
  openId,
  rows,
  running,
  tell,
  wantedTemporary,
} from "../state/chat";
import { neighbour } from "../state/lists";
import { sidebar } from "../state/prefs";
import { go, path } from "../state/route";
import { textOf } from "../state/thread";
import { copyText } from "../ui/clipboard";
import type { IconName } from "../ui/Icon";
import { narrow } from "../ui/media";
import { offer, warn } from "../ui/toasts";
import { drawerOpen } from "./drawer";
import { finding, sheetOpen } from "./finding";

export interface Action {
  id: string;
  group: string;
  label: string;
  icon: IconName;
  /** Unless a person chose others. */
  keys: string[];
  run: () => unknown;
  /** Whether there is anything to do it to. */
  can?: () => boolean;
}

export const GENERAL = msg("Everywhere");
export const CONVERSATIONS = msg("Conversations");
export const HERE = msg("In a conversation");

const focusComposer = () =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>(".composer textarea")?.focus());

function newChat(temporary = false) {
  go("/");
  void openConversation(null);
  wantedTemporary.value = temporary;
  focusComposer();
}

function step(by: 1 | -1) {
  const next = neighbour(openId.peek(), by);
  if (next) go(`/c/${next.id}`);
}

async function copyAnswer() {
  const answer = rows.peek().findLast(({ message }) => message.peek().role === "assistant");
  if (answer && (await copyText(textOf(answer.message.peek())))) offer(t("Answer copied"));
  else warn(t("Copying did not work. Select the text and copy it by hand."));
}

function toggleSidebar() {
  if (narrow.peek()) drawerOpen.value = !drawerOpen.peek();
  else sidebar.value = sidebar.peek() === "shown" ? "hidden" : "shown";
}

const inChat = () => path.peek() === "/" || path.peek().startsWith("/c/");
const withRows = () => inChat() && rows.peek().length > 0;

export const actions: Action[] = [
  {
    id: "palette",
    group: GENERAL,
    label: msg("Search everything"),
    icon: "search",
    keys: ["Mod+k"],
    run: () => (finding.value = !finding.peek()),
  },
  {
    id: "shortcuts",
    group: GENERAL,
    label: msg("Keyboard shortcuts"),
    icon: "keyboard",
    keys: ["?", "Mod+/"],
    run: () => (sheetOpen.value = !sheetOpen.peek()),
  },
  {
    id: "sidebar",
    group: GENERAL,
    label: msg("Show or hide the sidebar"),
    icon: "menu",
    keys: ["Mod+b"],
    run: toggleSidebar,
  },
  {
    id: "settings",
    group: GENERAL,
    label: msg("Settings"),
    icon: "gear",
    keys: ["Mod+,"],
    run: () => go("/settings"),
  },
  {
    id: "notification",
    group: GENERAL,
    label: msg("Go to the notification"),
    icon: "info",
    keys: ["F8"],
    run: () => document.querySelector<HTMLElement>(".toast:last-child button")?.focus(),
    can: () => document.querySelector(".toast") !== null,
  },
  {
    id: "new",
    group: CONVERSATIONS,
    label: msg("New chat"),
    icon: "plus",
    keys: ["Mod+Shift+o"],
    run: () => newChat(),
  },
  {
    id: "temporary",
    group: CONVERSATIONS,
    label: msg("New temporary chat"),
    icon: "clock",
    keys: ["Mod+Shift+e"],
    run: () => newChat(true),
  },
  {
    id: "next",
    group: CONVERSATIONS,
    label: msg("Next conversation in the list"),
    icon: "right",
    keys: ["Alt+j"],
    run: () => step(1),
  },
  {
    id: "previous",
    group: CONVERSATIONS,
    label: msg("Previous conversation in the list"),
    icon: "left",
    keys: ["Alt+k"],
    run: () => step(-1),
  },
  {
    id: "composer",
    group: HERE,
    label: msg("Write a message"),
    icon: "edit",
    keys: ["/"],
    run: focusComposer,
    can: inChat,
  },
  {
    id: "within",
    group: HERE,
    label: msg("Find in this conversation"),
    icon: "search",
    keys: ["Mod+Shift+f"],
    run: () => (findingWithin.value = true),
    can: withRows,
  },
  {
    id: "copy",
    group: HERE,
    label: msg("Copy the last answer"),
    icon: "copy",
    keys: ["Mod+Shift+c"],
    run: copyAnswer,
    can: withRows,
  },
  {
    id: "stop",
    group: HERE,
    label: msg("Stop the answer"),
    icon: "stop",
    keys: ["Mod+."],
    run: () => asking().then((a) => a.stop(), tell),
    can: () => inChat() && running.peek() && last.peek() !== null,
  },
];

/** The browser finds only what is on the page: it is left alone while that is all there is. */
export const takesFind = () => document.querySelector(".older, .undrawn") !== null;
