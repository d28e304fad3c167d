// The page opens without its server too, and says so: where the browser lets it, its files are kept on this device.
interface TrustedTypes {
  createPolicy: (
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ) => { createScriptURL: (url: string) => string };
}
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

const WORKER = "/sw.js";

/** Plain-HTTP addresses have no service workers, and do without. */
export async function keepShell() {
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  const policy = trustedTypes?.createPolicy("shell", { createScriptURL: () => WORKER });
  await navigator.serviceWorker.register(policy?.createScriptURL(WORKER) ?? WORKER);
  // What came before there was a worker to keep it. The browser has it at hand.
  const loaded = performance
    .getEntriesByType("resource")
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === location.origin && /^\/assets\//.test(pathname));
  await (await caches.open("shell")).add("/");
  await (await caches.open("assets")).addAll([...new Set(loaded.map(({ pathname }) => pathname))]);
}
