// Byte budgets of what a first visit loads, gzip. Run after the build.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../src/gantry_edge/web_dist/", import.meta.url);
const size = (path) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;
const sum = (paths) => paths.reduce((total, path) => total + size(path), 0);

const page = readFileSync(new URL("index.html", dist), "utf8");
const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);
const all = readdirSync(new URL("assets/", dist)).map((name) => `assets/${name}`);
const ofPage = (path) => path.endsWith(".css") && !/\/(docs|trust)-/.test(path);
const trust = readFileSync(new URL("trust.html", dist), "utf8");
const ofTrust = [...trust.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
  (m) => m[1],
);

const budgets = [
  ["first script", first.filter((path) => path.endsWith(".js")), 20],
  ["shared script", all.filter((path) => /\/shared-[^/]+\.js$/.test(path)), 8],
  ["desk script", all.filter((path) => /\/desk-[^/]+\.js$/.test(path)), 24],
  ["markdown chunk", all.filter((path) => /\/Markdown-[^/]+\.js$/.test(path)), 20],
  ["sheets of a chat", all.filter((path) => /\/(app|MessageList)-[^/]+\.css$/.test(path)), 10],
  ["all style sheets", all.filter(ofPage), 16],
  ["trust page", ["trust.html", ...ofTrust], 10],
];

let over = false;
for (const [name, paths, budget] of budgets) {
  if (!paths.length) throw new Error(`no files for: ${name}`);
  const kilobytes = sum(paths) / 1024;
  over ||= kilobytes > budget;
  console.log(`${name.padEnd(18)} ${kilobytes.toFixed(2).padStart(6)} KB of ${budget} KB gzip`);
}
process.exitCode = over ? 1 : 0;
