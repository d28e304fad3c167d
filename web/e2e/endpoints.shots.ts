import { startEndpoint } from "./appliance";
import { test } from "./fixtures";
import { shoot } from "./shoot";

const file = { own: true, loaded: false, sha256: null };
/** As the built-in engine is while much goes on. */
const engine = {
  state: "ready",
  model: "SmolLM2-135M-Instruct",
  next: "Qwen3-4B-Instruct-Q4_K_M.gguf",
  failure: null,
  files: [
    {
      ...file,
      name: "Qwen3-4B-Instruct-Q4_K_M.gguf",
      bytes: 2_500_000_000,
      sha256: "ab".repeat(32),
    },
    {
      ...file,
      name: "SmolLM2-135M-Instruct.Q4_1.gguf",
      bytes: 98_000_000,
      own: false,
      loaded: true,
    },
    { ...file, name: "gemma-3-1b-it-Q4_K_M.gguf", bytes: 806_000_000 },
  ],
  arrival: {
    name: "mistral-7b-instruct.gguf",
    bytes: 4_000_000_000,
    done: 1_400_000_000,
    error: null,
    sha256: null,
  },
  running: 1,
  waiting: [{ user_id: "", waited: 12, place: { ahead: 0, seconds: 95 } }],
};

test("models", async ({ chat }) => {
  const { page, appliance } = chat;
  const lab = await startEndpoint();
  const gone = await startEndpoint();
  const add = (name: string, url: string) =>
    page.request.post(`${appliance.address}/api/admin/endpoints`, {
      data: { name, url, key: "sk-a-key", slots: 1 },
    });
  await add("gpu-room-2", lab.found);
  await add("workstation-of-anna", gone.found);
  await gone.stop();
  let waiting = "";
  for (let count = 0; count < 3; count++) {
    const asked = await page.request.post(`${appliance.address}/api/chat`, {
      data: { content: "Tell me", model: "gpu-room-2/say?tokens=4000&rate=20" },
      headers: { Accept: "application/json" },
    });
    waiting = ((await asked.json()) as { conversation_id: string }).conversation_id;
  }
  await page.goto(`${appliance.address}/settings/models`);
  await page.getByRole("heading", { name: "Who waits" }).waitFor();
  await shoot(page, "models");
  await page.getByRole("heading", { name: "Who waits" }).scrollIntoViewIfNeeded();
  await shoot(page, "models-line");
  await page.getByRole("button", { name: "Add a model server" }).click();
  await shoot(page, "models-add");
  await page.keyboard.press("Escape");
  await page.goto(`${appliance.address}/c/${waiting}`);
  await page
    .locator(".answer")
    .getByText(/before yours|Your question is next/)
    .waitFor();
  await shoot(page, "models-waiting");
  await page.route("**/api/admin/engine", (route) => route.fulfill({ json: engine }));
  await page.goto(`${appliance.address}/settings/models`);
  await page.getByText("is being copied").scrollIntoViewIfNeeded();
  await shoot(page, "models-engine");
  await lab.stop();
});
