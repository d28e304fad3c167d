// Networks that are hard to have: many interfaces, long names, IPv6, something that went wrong.
import type { Page } from "@playwright/test";
import type { Network, Reached, Trust } from "../src/types";

const FINGERPRINT = Array.from({ length: 32 }, (_, at) =>
  ((at * 37 + 11) % 256).toString(16).toUpperCase().padStart(2, "0"),
).join(":");
const NOT_AFTER = Date.UTC(2036, 10, 21);

const reached = (address: string, name: string, https: boolean) => {
  const host = address.includes(":") ? `[${address}]` : address;
  return {
    address,
    interface: name,
    url: `http://${host}:8484/`,
    https_url: https ? `https://${host}:8485/` : null,
  };
};

const HOUSE = [
  ["192.168.178.24", "eth0"],
  ["10.20.30.40", "vEthernet (Default Switch of the second floor)"],
  ["fd12:3456:789a:bcde:1234:5678:9abc:def0", "eth0"],
] as const;

export const OFF: Network = {
  lan: false,
  https: false,
  name: null,
  port: 8484,
  https_port: null,
  problem: null,
  addresses: [],
  name_url: null,
  name_https_url: null,
  ca: null,
};

export const PLAIN: Network = {
  ...OFF,
  lan: true,
  name: "gantry.local",
  name_url: "http://gantry.local:8484/",
  addresses: [reached("192.168.178.24", "eth0", false)],
};

export const ENCRYPTED: Network = {
  ...PLAIN,
  https: true,
  https_port: 8485,
  name_https_url: "https://gantry.local:8485/",
  addresses: HOUSE.map(([address, name]) => reached(address, name, true)),
  ca: { fingerprint: FINGERPRINT, not_after: NOT_AFTER },
};

export const CROWDED: Network = {
  ...ENCRYPTED,
  name: "gantry-2.local",
  problem:
    "Another machine in this network is already called gantry.local; this one is gantry-2.local.",
  addresses: Array.from({ length: 9 }, (_, at) => reached(`10.0.${at}.17`, `wlan${at}`, true)),
};

export const UNPLUGGED: Network = {
  ...OFF,
  lan: true,
  problem: "This machine has no address on a local network; connect it to one",
};

export const TRUST: Trust = {
  enabled: true,
  name: "gantry.local",
  fingerprint: FINGERPRINT,
  not_after: NOT_AFTER,
  https_url: "https://gantry.local:8485/",
};

const results = (network: Network): Reached[] =>
  [{ url: network.name_url, https_url: network.name_https_url }, ...network.addresses]
    .flatMap((one) => [one.url, one.https_url])
    .filter((url) => url !== null)
    .map((url, at) => {
      const missed = url.includes("10.");
      const problem = "It did not answer within 4 seconds: a firewall may be in the way.";
      return {
        url,
        reachable: !missed,
        ms: missed ? null : 1.4 + at,
        problem: missed ? problem : null,
      };
    });

/** As dense as a real one. */
const QR = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 33"><path stroke="#000" d="${Array.from(
  { length: 25 * 25 },
  (_, at) =>
    Math.sin(at * 12.9898) * 43758.5453 - Math.floor(Math.sin(at * 12.9898) * 43758.5453) < 0.5
      ? `M${4 + (at % 25)} ${4.5 + Math.floor(at / 25)}h1`
      : "",
).join("")}"/></svg>`;

/** Answers in the place of the server for everything about the network. */
export async function fakeNetwork(page: Page, network: Network, trust: Trust = TRUST) {
  await page.route(/\/api\/network$/, (route) => route.fulfill({ json: network }));
  await page.route(/\/api\/network\/check$/, (route) =>
    route.fulfill({ json: { results: results(network) } }),
  );
  await page.route(/\/api\/network\/qr\?/, (route) =>
    route.fulfill({ contentType: "image/svg+xml", body: QR }),
  );
  await page.route(/\/api\/trust$/, (route) => route.fulfill({ json: trust }));
}
