import { readFileSync } from "node:fs";

/** Every address the server or a child of it bound, connected or sent to, as `serve` wrote them down. */
export function addresses(trace: string): string[] {
  const calls = readFileSync(trace, "utf8");
  return [
    ...calls.matchAll(/sa_family=AF_INET6?,.*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"/g),
  ].map((found) => found[1]!);
}
