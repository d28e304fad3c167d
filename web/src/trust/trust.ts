// The page about the certificate. It stands by itself: signed out, over plain HTTP, and readable without this script.
import { fingerprintLines } from "../state/places";
import type { Trust } from "../types";
import { canTest, secureAddress } from "./secure";
import { guessSystem } from "./system";
import "./trust.css";

const byId = (id: string) => document.getElementById(id)!;
const say = (text: string) => (byId("found").textContent = text);
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

function openSteps() {
  const system = guessSystem(navigator.userAgent, navigator.maxTouchPoints);
  if (!system) return;
  const steps = byId(system) as HTMLDetailsElement;
  steps.open = true;
  byId("systems").prepend(steps);
}

function showCertificate({ fingerprint, not_after }: Trust) {
  if (!fingerprint) return;
  const lines = fingerprintLines(fingerprint).map((line) => {
    const span = document.createElement("span");
    span.textContent = line;
    return span;
  });
  byId("fingerprint").replaceChildren(...lines);
  if (not_after) byId("until").textContent = `; valid until ${day.format(not_after)}`;
}

/** A browser that does not trust the certificate refuses to connect; what is answered does not matter. */
async function test(address: string) {
  const button = byId("test") as HTMLButtonElement;
  button.disabled = true;
  const trusted = await fetch(new URL("/trust", address), {
    mode: "no-cors",
    cache: "no-store",
    signal: AbortSignal.timeout(10_000),
  }).then(
    () => true,
    () => false,
  );
  button.disabled = false;
  document.body.dataset.state = trusted ? "trusted" : "waiting";
  if (trusted) say("This device trusts the certificate. There is nothing left to do here.");
  else
    say("This browser does not trust the certificate yet. Follow the two steps, then test again.");
}

function offer(httpsUrl: string) {
  const address = secureAddress(httpsUrl, location);
  const link = byId("open") as HTMLAnchorElement;
  link.href = address;
  link.hidden = location.protocol === "https:";
  if (location.protocol === "https:") {
    say(
      "You are connected encrypted. If your browser gave no warning on the way here, this device trusts the certificate.",
    );
  } else if (canTest(address, location)) {
    byId("test").hidden = false;
    byId("test").addEventListener("click", () => void test(address));
    void test(address);
  } else {
    say("Follow the two steps, then open the encrypted page: without a warning, all is well.");
  }
}

async function start() {
  openSteps();
  const response = await fetch("/api/trust").catch(() => null);
  if (!response?.ok) return say("The appliance cannot be reached. Check the network, then reload.");
  const trust = (await response.json()) as Trust;
  if (trust.enabled && trust.https_url) {
    showCertificate(trust);
    return offer(trust.https_url);
  }
  document.body.dataset.state = "off";
  byId("certificate").hidden = true;
  byId("install").hidden = true;
  say(
    "HTTPS is switched off on this appliance, so there is nothing to install. The owner can switch it on in Settings, Share on the network.",
  );
}

void start();
