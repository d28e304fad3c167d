// Pictures of every page and state: SHOTS=folder npm run shots
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { startServer, temporaryFolder } from "./appliance";
import { Chat, expect, NAME, signIn, test } from "./fixtures";
import { folder, shoot } from "./shoot";

const LONG = `Here is a **comparison** of the two, with the trade-offs that matter on a small network.

## How they differ

1. A *switch* forwards frames inside one network.
2. A *router* joins networks, see [the standard](https://example.org/very/long/path/that/goes/on/and/on/for/quite/some/time).

| Device | Layer | Typical ports | Price | Remarks about where it is used |
| --- | :-: | --: | --: | --- |
| Switch | 2 | 8 | 40 | In the cupboard, silent, \`unmanaged\` |
| Router | 3 | 4 | 90 | At the edge, does NAT and firewalling |

- [x] Check the cables
- [ ] Write down the addresses

> Most small offices have both in one box.

\`\`\`python
def route(packet: Packet, table: dict[str, Interface]) -> Interface:
    """Longest prefix wins."""
    for prefix in sorted(table, key=len, reverse=True):  # the most specific first
        if packet.target.startswith(prefix):
            return table[prefix]
    raise LookupError(f"no route to {packet.target}, and this line is deliberately much too long")
\`\`\`

![A diagram](https://example.org/diagram.png) and <b>raw</b> HTML, and a word: ${"x".repeat(120)}`;

const models = (page: Page) =>
  page.route("**/api/models", (route) =>
    route.fulfill({
      json: {
        items: [
          {
            id: "box/echo?rate=200",
            name: "SmolLM2 135M",
            endpoint: "built-in",
            local: true,
            note: "Small, built in: quick, but often wrong.",
          },
        ],
        next: null,
      },
    }),
  );

test("before the first account", async ({ page, appliance }) => {
  const data = temporaryFolder();
  const server = await startServer({ dataDir: data.path, endpoint: appliance.endpoint });
  await page.goto(server.found.split("#")[0]!);
  await expect(page.getByRole("heading", { name: "Almost ready" })).toBeVisible();
  await shoot(page, "01-setup-without-link");
  // Only the fragment differs: the page has to be loaded anew.
  await page.goto("about:blank");
  await page.goto(server.found);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Password").fill("a quiet harbour");
  await shoot(page, "02-setup");
  await server.stop();
  data.remove();
});

test("signing in", async ({ page, appliance }) => {
  await page.goto(appliance.address);
  await page.getByLabel("Name").fill(NAME);
  await shoot(page, "03-sign-in");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await shoot(page, "04-sign-in-wrong");
});

test("chatting", async ({ page, appliance }) => {
  await models(page);
  await signIn(page, appliance);
  const chat = new Chat(page, appliance);
  await shoot(page, "05-welcome");

  await chat.ask(LONG);
  await chat.finished();
  await expect(page.locator(".hljs-keyword").first()).toBeVisible();
  await shoot(page, "06-answer-end");
  await shoot(page, "07-answer-middle", async () => {
    await page.waitForTimeout(300);
    await page.locator(".messages").evaluate((box) => (box.scrollTop -= 700));
    await page.waitForTimeout(300);
  });
  await page.getByRole("button", { name: "Regenerate" }).click();
  await chat.finished();
  await page.getByRole("button", { name: "Details" }).last().click();
  await shoot(page, "08-versions-and-details");

  await page.getByRole("button", { name: "Edit" }).first().click();
  await shoot(page, "09-edit", async () => {
    await page.locator(".editor").scrollIntoViewIfNeeded();
  });
  await page.getByRole("button", { name: "Cancel" }).click();
});

test("answers that are not whole", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("fault?kind=http-401");
  await chat.ask("Why does this fail?");
  await chat.finished();
  await shoot(page, "10-failed");
  await page.goto(chat.appliance.address);
  await chat.useModel("say?tokens=900&rate=40");
  await chat.ask("Tell me a long story");
  await expect(chat.lastAnswer).toContainText("the", { timeout: 15_000 });
  await page.waitForTimeout(1500);
  await shoot(page, "11-writing");
  await chat.stopButton.click();
  await chat.finished();
  await shoot(page, "12-stopped");
  await chat.useModel("think?tokens=60&rate=200");
  await chat.ask("Think first");
  await chat.finished();
  await page.locator(".reasoning summary").last().click();
  await shoot(page, "13-reasoning");
});

test("menus, dialogs, settings", async ({ chat }) => {
  const { page } = chat;
  await models(page);
  for (const text of [
    "Plan the team meeting",
    "A conversation with quite a long title, as they are",
  ]) {
    await page.goto(chat.appliance.address);
    await chat.ask(text);
    await chat.finished();
  }
  await shoot(page, "14-menu", async () => {
    if (page.viewportSize()!.width < 700 && !(await page.getByRole("dialog").isVisible())) {
      await page.getByRole("button", { name: "Conversations" }).click();
    }
    if (!(await page.getByRole("menuitem", { name: "Rename" }).isVisible())) {
      await page.getByRole("button", { name: "More for Plan" }).click();
    }
    await page.waitForTimeout(200);
  });
  await page.reload();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("link", { name: "Plan the team meeting" }).hover();
  await page.getByRole("button", { name: "More for Plan" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.screenshot({ path: join(folder, "15-delete-1280-light.png") });
  await page.getByRole("button", { name: "Undo" }).click();
  await page.goto(`${chat.appliance.address}/settings`);
  await expect(page.getByText("This one")).toBeVisible();
  await shoot(page, "16-settings");
  await page.goto(`${chat.appliance.address}/c/00000000-0000-7000-8000-000000000000`);
  await expect(page.getByText("does not exist")).toBeVisible();
  await shoot(page, "17-missing");
  await page.goto(chat.appliance.address);
  await page.request.post(`${chat.appliance.address}/api/auth/logout`);
  await chat.ask("This is not lost");
  await expect(page.getByRole("dialog")).toBeVisible();
  await shoot(page, "18-signed-out");
  await page.goto(`${chat.appliance.address}/docs`);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(folder, "19-docs-1280.png") });
});
