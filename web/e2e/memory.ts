// A memory with something in it, of real conversations.
import { expect, type Page } from "@playwright/test";
import type { Chat } from "./fixtures";

export const SAID =
  "My manager is Anna Keller. I live in Bern. Remember that invoices go to Paula.";

export async function enableMemory(chat: Chat, enabled = true) {
  const answer = await chat.page.request.patch(`${chat.appliance.address}/api/memory`, {
    data: { enabled },
  });
  expect(answer.ok()).toBe(true);
}

export async function forgetEverything({ page, appliance }: Chat) {
  for (const what of ["facts", "memory/exchanges"])
    await page.request.delete(`${appliance.address}/api/${what}`);
}

/** Says it in a conversation of its own, and waits until it is learned. */
export async function say(chat: Chat, content: string, facts: number) {
  const { page, appliance } = chat;
  const sent = await page.request.post(`${appliance.address}/api/chat`, {
    headers: { Accept: "text/event-stream" },
    data: { content, model: "box/say?tokens=8&seed=1" },
  });
  expect(sent.status()).toBe(200);
  const known = async () => {
    const answer = await page.request.get(`${appliance.address}/api/facts`);
    return (await answer.json()).items.length;
  };
  await expect.poll(known, { timeout: 20_000 }).toBe(facts);
}

/** Waits until so many exchanges are remembered. */
export async function remembered({ page, appliance }: Chat, count: number) {
  const exchanges = async () => {
    const answer = await page.request.get(`${appliance.address}/api/memory`);
    return (await answer.json()).exchanges;
  };
  await expect.poll(exchanges, { timeout: 30_000 }).toBe(count);
}

const NOW = Date.UTC(2026, 4, 4, 9);
const DAY = 24 * 3600 * 1000;
const id = (kind: number, at: number) =>
  `0190b5a0-0000-7000-8000-${String(kind).padStart(4, "0")}${String(at).padStart(8, "0")}`;

const NAMES = [
  ["me", "You"],
  ["person", "Anna Keller"],
  ["organisation", "Hafenamt Basel"],
  ["place", "Bern"],
  ["project", "Lighthouse"],
  ["tool", "LibreOffice"],
  ["person", "Maximilian-Alexander von und zu Hohenstein-Untermühlbach"],
] as const;

export function entity(at: number) {
  const [kind, name] = NAMES[at] ?? (["thing", `Thing number ${at}`] as const);
  return { id: id(1, at), kind, name: name as string, aliases: at === 1 ? ["Anna"] : [] };
}

/** As the server tells it; for states that are hard to reach. */
export const fact = (at: number, text: string, fields: Record<string, unknown> = {}) => ({
  ...{ id: id(2, 99_999 - at), subject: entity(0), predicate: "note", object: null, value: text },
  ...{ text, status: "approved", confidence: 0.9, origin: "rule", own: false },
  ...{ valid_from: NOW - at * DAY, valid_to: null, superseded_by: null },
  learned_at: NOW - at * DAY,
  sources: [
    {
      ...{ message_id: id(3, at), conversation_id: id(4, at) },
      conversation_title: "Plan the move to the new office",
      ...{ said_at: NOW - at * DAY, words: `${text}, as I said` },
    },
  ],
  ...fields,
});

export async function serveFacts(page: Page, all: ReturnType<typeof fact>[]) {
  await page.route(/\/api\/facts\?/, (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const wanted = all.filter(
      (one) =>
        (!asked.get("status") || one.status === asked.get("status")) &&
        one.text.includes(asked.get("words") ?? ""),
    );
    const from = Number(asked.get("before") ?? 0);
    const to = from + Number(asked.get("limit"));
    return route.fulfill({
      json: { items: wanted.slice(from, to), next: to < wanted.length ? String(to) : null },
    });
  });
}

/** You in the middle, and the others around you and one another. */
export function graphOf(count: number) {
  const nodes = Array.from({ length: count }, (_, at) => entity(at));
  const edge = (from: number, to: number, label: string) => ({
    ...{ fact_id: id(2, to), source: entity(from).id, target: entity(to).id },
    label,
  });
  const labels = ["manager", "works at", "lives in", "works on", "uses", "friend"];
  const edges = nodes
    .slice(1)
    .map((_, at) => edge(at < 12 ? 0 : (at % 9) + 1, at + 1, labels[at % 6]!));
  return { nodes, edges, left_out: 0 };
}
