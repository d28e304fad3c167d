// Runs in a frame of no origin, under a policy of its own (assets.py): markup may be set here, and nothing leaves.
import { drawDiagram } from "./diagram";

interface Shown {
  kind: "html" | "svg" | "mermaid";
  source: string;
  dark: boolean;
}

const tell = (message: { ready?: true; height?: number; svg?: string; fault?: string }) =>
  parent.postMessage(message, "*");

/** Ways out that no policy of older browsers closes; those that know Connection-Allowlist have them closed. */
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
  Reflect.deleteProperty(globalThis, name);

/** As in index.html. */
const MARGIN = 16;

function reportHeight() {
  // Of the body: the document is never lower than its frame.
  const measure = () => tell({ height: Math.ceil(document.body.offsetHeight) + 2 * MARGIN });
  new ResizeObserver(measure).observe(document.body);
}

function showDrawing(drawing: Node, dark: boolean) {
  document.documentElement.classList.add("drawing");
  document.documentElement.classList.toggle("dark", dark);
  document.body.replaceChildren(drawing);
  reportHeight();
}

/** As an image: a drawing then runs nothing and loads nothing, in any browser. */
function showSvg(source: string) {
  const image = new Image();
  image.alt = "";
  image.onerror = () => tell({ fault: "This is not a drawing in SVG." });
  image.onload = () => tell({ svg: source });
  const named = /\sxmlns=/.test(source)
    ? source
    : source.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  image.src = `data:image/svg+xml,${encodeURIComponent(named)}`;
  showDrawing(image, false);
}

async function showDiagram(source: string, dark: boolean) {
  const box = document.createElement("div");
  showDrawing(box, dark);
  try {
    box.innerHTML = await drawDiagram(source, dark);
    tell({ svg: box.innerHTML });
  } catch (error) {
    tell({ fault: error instanceof Error ? error.message : String(error) });
  }
}

function showPage(source: string) {
  document.open();
  document.write(source);
  document.close();
}

let begun = false;

addEventListener("message", ({ data, source: sender }: MessageEvent<Shown>) => {
  if (sender !== parent || begun) return;
  begun = true;
  if (data.kind === "html") showPage(data.source);
  else if (data.kind === "svg") showSvg(data.source);
  else void showDiagram(data.source, data.dark);
});

tell({ ready: true });
