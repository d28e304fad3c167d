// Every page and state, set up as a person would against the real server. The gallery and the walk of axe share them.
import type { Page } from "@playwright/test";
import { text } from "./files";
import { Chat, compare, expect, NAME, signIn } from "./fixtures";
import { Library } from "./library";
import { CROWDED, fakeNetwork } from "./networkFake";
import { enableMemory, forgetEverything, remembered, say, SAID } from "./memory";

export interface State {
  name: string;
  title: string;
  /** From wherever the state before has left the page. */
  open: (chat: Chat) => Promise<void>;
  /** Again after the window changed its size, where that closes what is open. */
  again?: (chat: Chat) => Promise<void>;
}

const BLOCKS = `Here is a **comparison**, with *what matters* on a small network and \`inline code\`.

## How they differ

1. A switch forwards frames inside one network.
2. A router joins networks, see [the standard](https://example.org/a/very/long/path/that/goes/on).

| Device | Layer | Ports | Remarks |
| --- | :-: | --: | --- |
| Switch | 2 | 8 | In the cupboard, silent |
| Router | 3 | 4 | At the edge, does NAT |

- [x] Check the cables
- [ ] Write down the addresses

> Most small offices have both in one box.

\`\`\`python
def route(packet, table):
    for prefix in sorted(table, key=len, reverse=True):
        if packet.target.startswith(prefix):
            return table[prefix]
\`\`\`

The mean is $\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i$.`;

const at = (chat: Chat, path: string) => chat.page.goto(`${chat.appliance.address}${path}`);
const heading = (page: Page, name: string) => page.getByRole("heading", { name }).first();

async function asked(chat: Chat, script: string, content: string) {
  await at(chat, "/");
  await chat.useModel(script);
  await chat.ask(content);
}

async function answered(chat: Chat, script: string, content: string) {
  await asked(chat, script, content);
  await chat.finished();
}

async function openList({ page }: Chat) {
  if (page.viewportSize()!.width > 760 || (await page.getByRole("dialog").isVisible())) return;
  await page.getByRole("button", { name: "Conversations" }).click();
}

async function openPage(chat: Chat, path: string, name: string) {
  await at(chat, path);
  await expect(heading(chat.page, name)).toBeVisible();
}

const page = (name: string, title: string, path: string, shown: string): State => ({
  name,
  title,
  open: (chat) => openPage(chat, path, shown),
});

const section = (id: string, title: string): State => ({
  name: `settings-${id}`,
  title: `Settings: ${title}`,
  open: async (chat) => {
    await openPage(chat, "/settings", "Settings");
    await expect(chat.page.getByRole("button", { name: "Export all my data" })).toBeVisible();
  },
  again: ({ page }) => page.locator(`#${id}`).evaluate((one) => one.scrollIntoView()),
});

/** Of the server's state nothing is to be made only to be looked at. */
const insteadOfWho = (chat: Chat, status: number, code: string) =>
  chat.page.route("**/api/auth/me", (route) =>
    route.fulfill({ status, contentType: "application/problem+json", json: { status, code } }),
  );

export const signedOut: State[] = [
  {
    name: "setup",
    title: "The first account",
    open: async (chat) => {
      await insteadOfWho(chat, 401, "setup_needed");
      await at(chat, "/#setup=of-a-new-appliance");
      await expect(heading(chat.page, "Welcome")).toBeVisible();
    },
  },
  {
    name: "setup-without-link",
    title: "Without the link there is no first account",
    open: async (chat) => {
      await insteadOfWho(chat, 401, "setup_needed");
      await at(chat, "/library");
      await expect(chat.page.getByText("open the setup link")).toBeVisible();
    },
  },
  {
    name: "unreachable",
    title: "Nothing answers at the start",
    open: async (chat) => {
      await chat.page.route("**/api/auth/me", (route) => route.abort());
      await at(chat, "/");
      await expect(chat.page.getByRole("button", { name: "Try again" })).toBeVisible();
    },
  },
  {
    name: "sign-in",
    title: "Signing in",
    open: async (chat) => {
      await at(chat, "/");
      await expect(heading(chat.page, "Sign in")).toBeVisible();
    },
  },
  {
    name: "sign-in-wrong",
    title: "A wrong password",
    open: async ({ page }) => {
      await page.getByLabel("Name").fill(NAME);
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
];

export const signedIn: State[] = [
  {
    name: "welcome",
    title: "A new chat",
    open: async (chat) => {
      await signIn(chat.page, chat.appliance);
      await expect(chat.page.getByRole("combobox", { name: "Model" })).toBeVisible();
    },
  },
  {
    name: "answer",
    title: "An answer with every kind of block",
    open: (chat) => answered(chat, "echo?rate=0", BLOCKS),
    again: async ({ page }) => {
      await page.waitForTimeout(200);
      await page.locator(".messages").evaluate((box) => (box.scrollTop = box.scrollHeight));
    },
  },
  {
    name: "editing",
    title: "A question being changed",
    open: async (chat) => {
      await answered(chat, "echo?rate=0", "How long is the lease?");
      await chat.page.getByRole("button", { name: "Edit" }).first().click();
    },
  },
  {
    name: "reasoning",
    title: "What a model thought before",
    open: async (chat) => {
      await answered(chat, "think?tokens=60&rate=0", "Think first");
      await chat.page.locator(".reasoning summary").last().click();
    },
  },
  {
    name: "context",
    title: "What the model saw",
    open: async (chat) => {
      await answered(chat, "say?tokens=40&rate=0", "What does a week longer cost?");
      await chat.page.getByRole("button", { name: "Details" }).last().click();
      await chat.page.getByRole("button", { name: "What the model saw" }).click();
      await expect(chat.page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "failed",
    title: "An answer that failed",
    open: (chat) => answered(chat, "fault?kind=http-401", "Why does this fail?"),
  },
  {
    name: "streaming",
    title: "An answer being written",
    open: async (chat) => {
      await asked(chat, "say?tokens=4000&rate=20", "Tell me a long story");
      await expect(chat.lastAnswer).toContainText(/\w/, { timeout: 15_000 });
    },
  },
  {
    name: "stopped",
    title: "An answer that was stopped",
    open: async (chat) => {
      await chat.stopButton.click();
      await chat.finished();
    },
  },
  {
    name: "menu",
    title: "The menu of a conversation",
    open: (chat) => answered(chat, "say?tokens=20&rate=0", "Plan the team meeting"),
    again: async (chat) => {
      await openList(chat);
      if (await chat.page.getByRole("menuitem", { name: "Rename" }).isVisible()) return;
      await chat.page.getByRole("button", { name: "More for Plan the team" }).click();
    },
  },
  {
    name: "palette",
    title: "Search and commands",
    open: async (chat) => {
      await at(chat, "/");
      await expect(chat.box).toBeVisible();
      await chat.page.keyboard.press("ControlOrMeta+k");
      await chat.page.getByRole("combobox", { name: /Search/ }).fill("lease");
      await expect(chat.page.getByRole("group", { name: "Messages" })).toBeVisible();
    },
  },
  {
    name: "shortcuts",
    title: "Every shortcut, and how to change it",
    open: async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("ControlOrMeta+/");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "slash",
    title: "Prompts behind a slash",
    open: async (chat) => {
      const data = { name: "Minutes", text: "Write minutes of {{meeting}} from these notes:" };
      await chat.page.request.post(`${chat.appliance.address}/api/prompts`, { data });
      await at(chat, "/");
      await chat.box.pressSequentially("/");
      await expect(chat.page.getByRole("listbox", { name: "Prompts" })).toBeVisible();
    },
  },
  {
    name: "attached",
    title: "A long text that was pasted",
    open: async (chat) => {
      await chat.page.locator(".composer textarea").fill("");
      await chat.page
        .locator("form.composer input[type=file]")
        .setInputFiles([
          text("Notes of the meeting on the fourth floor.txt", "Notes. ".repeat(4000)),
          text("prices.csv", "item,price\nrope,12\n"),
        ]);
      await expect(chat.page.getByText("prices.csv").first()).toBeVisible();
    },
  },
  {
    name: "preview",
    title: "A page that was written, seen in its frame",
    open: async (chat) => {
      const remove = chat.page.getByRole("button", { name: /^Remove/ });
      while (await remove.count()) await remove.first().click();
      await answered(
        chat,
        "echo?rate=0",
        "```html\n<h1>Opening hours</h1><p>Nine to five.</p>\n```",
      );
      await chat.page.getByRole("button", { name: "Preview" }).click();
      await expect(chat.page.locator("iframe")).toBeVisible();
    },
    again: ({ page }) =>
      page.locator("iframe").evaluate((one) => one.scrollIntoView({ block: "center" })),
  },
  {
    name: "compared",
    title: "Two models side by side",
    open: async (chat) => {
      await at(chat, "/");
      await compare(chat, "say?tokens=60&rate=0", "say?tokens=40&rate=0&seed=3");
      await chat.ask("Which of you explains a lease better?");
      await expect(chat.page.getByRole("button", { name: /^Keep/ })).toHaveCount(2);
      await expect(chat.page.getByRole("button", { name: /^Stop/ })).toHaveCount(0);
    },
  },
  page("put-away", "Nothing archived, nothing deleted", "/settings/conversations", "Trash"),
  {
    name: "trash",
    title: "Archived and deleted",
    open: async (chat) => {
      const all = `${chat.appliance.address}/api/conversations`;
      const moves = [];
      for (const [title, place] of [
        ["Offers for the new roof", "archived"],
        ["A question about the lease, with a title that goes on for longer than a line", "trash"],
        ["Notes from March", "trash"],
      ]) {
        const { id } = await (await chat.page.request.post(all, { data: { title } })).json();
        moves.push({ id, place });
      }
      await chat.page.request.patch(all, { data: { moves } });
      await openPage(chat, "/settings/conversations", "Trash");
      await expect(chat.page.getByRole("button", { name: "Empty the trash" })).toBeVisible();
    },
  },
  {
    name: "trash-empty",
    title: "Deleting for good is asked about",
    open: async ({ page }) => {
      await page.getByRole("button", { name: "Empty the trash" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  page("library-empty", "A library with nothing in it", "/library", "All documents"),
  {
    name: "library",
    title: "The library",
    open: async (chat) => {
      const library = new Library(chat.page, chat.appliance.address);
      await library.open();
      await library.add(
        text("Lease of the old warehouse.txt", "The lease ends on 31 March. ".repeat(30)),
        text("Handbook.md", "# Leave\n\nA full-time employee has 27 days of paid leave."),
      );
      await chat.page
        .getByLabel("Files to add")
        .setInputFiles([
          { name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n") },
        ]);
      await expect(chat.page.getByRole("button", { name: "Retry broken.pdf" })).toBeVisible({
        timeout: 60_000,
      });
      await expect(chat.page.getByText(/Queued|Reading/)).toHaveCount(0, { timeout: 60_000 });
    },
  },
  {
    name: "library-search",
    title: "Found in documents",
    open: async ({ page }) => {
      await page.getByRole("textbox", { name: "Search in documents" }).fill("paid leave");
      await expect(page.locator(".results mark").first()).toBeVisible({ timeout: 30_000 });
    },
  },
  {
    name: "document",
    title: "A document",
    open: async (chat) => {
      const library = new Library(chat.page, chat.appliance.address);
      await library.open();
      await library.link("Handbook.md").click();
      await expect(chat.page.getByText("27 days")).toBeVisible();
    },
  },
  {
    name: "library-delete",
    title: "A document deleted, and the way back",
    open: async (chat) => {
      const library = new Library(chat.page, chat.appliance.address);
      await library.open();
      await library.delete("Handbook.md");
    },
  },
  page("memory-empty", "A memory with nothing in it", "/settings/memory", "Memory"),
  {
    name: "memory",
    title: "What is remembered",
    open: async (chat) => {
      await forgetEverything(chat);
      await enableMemory(chat);
      await say(chat, SAID, 3);
      await remembered(chat, 1);
      await at(chat, "/settings/memory");
      await expect(chat.page.getByText("You live in Bern").first()).toBeVisible();
    },
  },
  page("memory-graph", "How facts connect", "/settings/memory?view=graph", "Memory"),
  page("memory-said", "What was said before", "/settings/memory?view=conversations", "Memory"),
  page("personas", "Personas", "/settings/personas", "Personas"),
  {
    name: "persona",
    title: "A persona being written",
    open: async ({ page }) => {
      await page.getByRole("button", { name: /New persona|Write a persona/ }).click();
      await expect(page.getByRole("textbox", { name: "Name" })).toBeVisible();
    },
  },
  page("prompts", "Prompts", "/settings/prompts", "Prompts"),
  section("profile", "profile"),
  section("appearance", "appearance"),
  section("beginnings", "new conversations"),
  section("sessions", "signed in on"),
  section("data", "your data, and the way out"),
  page("overview", "How the appliance is", "/settings/overview", "Health"),
  page("usage", "What was used", "/settings/usage", "By day"),
  page("logs", "The log as it is written", "/settings/logs", "As it is written"),
  {
    name: "people",
    title: "People",
    open: async (chat) => {
      const { address } = chat.appliance;
      for (const [name, role] of [
        ["Ben", "member"],
        ["Anna Katharina von Hohenstein-Lauenburg", "owner"],
      ]) {
        const data = { name, role, password: "another quiet harbour" };
        await chat.page.request.post(`${address}/api/people`, { data });
      }
      const data = { note: "for the new one in accounting" };
      await chat.page.request.post(`${address}/api/invitations`, { data });
      await openPage(chat, "/settings/people", "People");
      await expect(chat.page.getByRole("button", { name: "More for Ben" })).toBeVisible();
    },
  },
  {
    name: "people-invite",
    title: "A link that lets somebody in",
    open: async ({ page }) => {
      await page.getByRole("button", { name: "Invite somebody" }).click();
      await page.getByRole("button", { name: "Make the link" }).click();
      await expect(page.getByRole("dialog").locator("code")).toBeVisible();
    },
  },
  page("audit", "What was done", "/settings/audit", "What was done"),
  page("models", "Where models live", "/settings/models", "Models"),
  {
    name: "models-add",
    title: "A model server that may not be added",
    open: async ({ page }) => {
      await page.getByRole("button", { name: "Add a model server" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name").fill("lab");
      await dialog.getByLabel("Address").fill("http://169.254.169.254/v1");
      await dialog.getByRole("button", { name: "Add", exact: true }).click();
      await expect(dialog.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "share",
    title: "With whom a conversation is shared",
    open: async (chat) => {
      await answered(chat, "say?tokens=20&rate=0", "Where do we meet on Monday?");
      await chat.page.getByRole("button", { name: "More for Where do we meet" }).click();
      await chat.page.getByRole("menuitem", { name: "Share…" }).click();
      const dialog = chat.page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "Find people and groups" }).fill("Ben");
      await dialog.getByRole("button", { name: "Share with Ben", exact: true }).click();
      await expect(dialog.getByRole("button", { name: "Stop sharing with Ben" })).toBeVisible();
    },
  },
  {
    name: "leaving",
    title: "Deleting an account",
    open: async (chat) => {
      await openPage(chat, "/settings", "Settings");
      await chat.page.getByRole("button", { name: "Delete my account…" }).click();
      await expect(chat.page.getByRole("dialog")).toBeVisible();
    },
  },
  page("network", "Sharing on the network", "/settings/network", "Share on the network"),
  {
    name: "network-open",
    title: "Shared on a network, at many addresses",
    open: async (chat) => {
      await fakeNetwork(chat.page, CROWDED);
      await openPage(chat, "/settings/network", "Share on the network");
      await expect(chat.page.getByText("gantry-2.local").first()).toBeVisible();
    },
  },
  {
    name: "trust",
    title: "How another device comes to trust this one",
    open: async (chat) => {
      await fakeNetwork(chat.page, CROWDED);
      await at(chat, "/trust");
      await expect(chat.page.getByRole("heading", { level: 1 })).toBeVisible();
    },
  },
  page("nothing", "An address where nothing is", "/nowhere", "There is nothing here"),
  {
    name: "missing",
    title: "A conversation that is gone",
    open: async (chat) => {
      await at(chat, "/c/00000000-0000-7000-8000-000000000000");
      await expect(chat.page.getByText("does not exist")).toBeVisible();
    },
  },
  {
    name: "offline",
    title: "The server is out of reach",
    open: async (chat) => {
      await at(chat, "/");
      await expect(chat.box).toBeVisible();
      await chat.page.route("**/api/chat", (route) => route.abort());
      await chat.ask("This is not lost");
      await expect(chat.page.getByText(/cannot be reached/).first()).toBeVisible();
    },
  },
  {
    name: "expired",
    title: "The session has ended",
    open: async (chat) => {
      await at(chat, "/");
      await chat.page.waitForLoadState("networkidle");
      await chat.page.context().clearCookies();
      await chat.ask("This is not lost either");
      await expect(chat.page.getByRole("dialog")).toBeVisible();
    },
  },
];

/** Before and after; what a state changed in the window is undone. */
export async function walk(
  chat: Chat,
  states: State[],
  look: (state: State) => Promise<void>,
): Promise<void> {
  const wide = { width: 1280, height: 800 };
  for (const state of states) {
    await chat.page.setViewportSize(wide);
    await chat.page.unrouteAll({ behavior: "ignoreErrors" });
    await state.open(chat);
    await state.again?.(chat);
    await look(state);
  }
}
