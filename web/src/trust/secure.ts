import { isLoopback } from "../state/places";

interface Here {
  protocol: string;
  hostname: string;
}

/** The encrypted twin of the address the visitor came by, which is known to lead here. */
export function secureAddress(httpsUrl: string, here: Here): string {
  const url = new URL(httpsUrl);
  if (!isLoopback(here.hostname)) url.hostname = here.hostname;
  return url.href;
}

/** Whether the page may ask that twin: its policy can name no IPv6 address, and allows no other host. */
export const canTest = (address: string, here: Here) =>
  here.protocol === "http:" &&
  !here.hostname.startsWith("[") &&
  new URL(address).hostname === here.hostname;
