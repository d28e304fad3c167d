import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { python } from "./appliance";
import type { Appliance } from "./fixtures";

/** The id of a conversation of so many messages: questions are called by their number. */
export async function longTalk(page: Page, { address, dataDir }: Appliance, count: number) {
  const sent = await page.request.post(`${address}/api/chat`, {
    headers: { Accept: "text/event-stream" },
    data: { content: "Question 0", model: "box/say?tokens=40" },
  });
  const { conversation_id: id } = JSON.parse(/data: (\{.*\})/.exec(await sent.text())![1]!);
  const script = join(import.meta.dirname, "longTalk.py");
  execFileSync(python, [script, join(dataDir!, "gantry.db"), id, String(count)], {
    env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../src") },
  });
  return id as string;
}
