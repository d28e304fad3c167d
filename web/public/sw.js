// Keeps the files of the page, so that it opens without its server. Knows nothing of what anybody wrote.
const SHELL = "shell";
const ASSETS = "assets";
const OTHERS = /^\/(docs|trust|api|health|ready)(\/|$)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && !OTHERS.test(pathname)) event.respondWith(view(event));
});

/** Their names change with what is in them. */
async function asset(request) {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/** Always the server's own page while it answers; the kept one only says that it does not. */
async function view(event) {
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(keep(response.clone()));
    return response;
  } catch {
    return (await (await caches.open(SHELL)).match("/")) ?? Response.error();
  }
}

/** After an update the files of the old page are of no more use. */
async function keep(response) {
  const cache = await caches.open(SHELL);
  const before = await (await cache.match("/"))?.text();
  const now = await response.clone().text();
  if (before === now) return;
  if (before !== undefined) await caches.delete(ASSETS);
  await cache.put("/", response);
}
