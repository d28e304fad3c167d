import { startEndpoint } from "./appliance";
import { test } from "./fixtures";
import { shoot } from "./shoot";

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
  for (let count = 0; count < 3; count++)
    await page.request.post(`${appliance.address}/api/chat`, {
      data: { content: "Tell me", model: "gpu-room-2/say?tokens=4000&rate=20" },
      headers: { Accept: "application/json" },
    });
  await page.goto(`${appliance.address}/settings/models`);
  await page.getByRole("heading", { name: "Who waits" }).waitFor();
  await shoot(page, "models");
  await page.getByRole("heading", { name: "Who waits" }).scrollIntoViewIfNeeded();
  await shoot(page, "models-line");
  await page.getByRole("button", { name: "Add a model server" }).click();
  await shoot(page, "models-add");
  await page.keyboard.press("Escape");
  await page.goto(appliance.address);
  await page.getByRole("link", { name: "Tell me" }).first().click();
  await page.getByText(/before yours|Your question is next/).waitFor();
  await shoot(page, "models-waiting");
  await lab.stop();
});
