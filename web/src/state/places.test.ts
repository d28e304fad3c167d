import { describe, expect, test } from "vitest";
import type { Network } from "../types";
import { cutsOff, fingerprintLines, isLoopback, placesOf, trustAddress, wayBack } from "./places";

const shared: Network = {
  lan: true,
  https: true,
  name: "gantry.local",
  port: 8484,
  https_port: 8485,
  problem: null,
  addresses: [
    {
      address: "192.168.1.20",
      interface: "eth0",
      url: "http://192.168.1.20:8484/",
      https_url: "https://192.168.1.20:8485/",
    },
    { address: "fd00::2", interface: "wlan0", url: "http://[fd00::2]:8484/", https_url: null },
  ],
  name_url: "http://gantry.local:8484/",
  name_https_url: "https://gantry.local:8485/",
  ca: { fingerprint: "AA:BB", not_after: 0 },
};

describe("places", () => {
  test("begin with the name, and each with its encrypted address", () => {
    expect(placesOf(shared)).toEqual([
      { name: "", urls: ["https://gantry.local:8485/", "http://gantry.local:8484/"] },
      { name: "eth0", urls: ["https://192.168.1.20:8485/", "http://192.168.1.20:8484/"] },
      { name: "wlan0", urls: ["http://[fd00::2]:8484/"] },
    ]);
  });

  test("leave the name out while nobody announces it", () => {
    const unnamed = { ...shared, name: null, name_url: null, name_https_url: null };
    expect(placesOf(unnamed).map(({ name }) => name)).toEqual(["eth0", "wlan0"]);
  });

  test("lead to the trust page by number, over plain HTTP", () => {
    expect(trustAddress(shared)).toBe("http://192.168.1.20:8484/trust");
    expect(trustAddress({ ...shared, addresses: [] })).toBe("http://gantry.local:8484/trust");
    expect(trustAddress({ ...shared, addresses: [], name_url: null })).toBeNull();
  });
});

describe("the page that asks", () => {
  const here = (url: string) => new URL(url);

  test.each(["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])("%s is the machine itself", (host) =>
    expect(isLoopback(host)).toBe(true),
  );
  test.each(["gantry.local", "192.168.1.20", "127.0.0.1.example.org", "[fd00::1]"])(
    "%s is not",
    (host) => expect(isLoopback(host)).toBe(false),
  );

  test("is lost when it came over the network that is switched off", () => {
    const off = { lan: false, https: false };
    expect(cutsOff(off, here("http://192.168.1.20:8484/"))).toBe(true);
    expect(cutsOff(off, here("http://127.0.0.1:8484/"))).toBe(false);
  });

  test("is lost with HTTPS only when it came by HTTPS", () => {
    const plain = { lan: true, https: false };
    expect(cutsOff(plain, here("https://gantry.local:8485/"))).toBe(true);
    expect(cutsOff(plain, here("http://gantry.local:8484/"))).toBe(false);
  });

  test("can go on at an address that still answers", () => {
    const page = here("https://gantry.local:8485/");
    expect(wayBack(shared, true, page)).toBe("http://gantry.local:8484/");
    expect(wayBack(shared, false, page)).toBe("http://127.0.0.1:8484/");
  });
});

test("a fingerprint is cut into lines and keeps every pair", () => {
  const pairs = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, "0"));
  const lines = fingerprintLines(pairs.join(":"));
  expect(lines).toHaveLength(4);
  expect(lines.join(" ").split(" ")).toEqual(pairs);
});
