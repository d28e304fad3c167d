// Real processes for the browser tests: the server, and the scripted model endpoint it asks.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const venv = join(root, ".venv/bin/python");
export const python = process.env.PYTHON ?? (existsSync(venv) ? venv : "python3");

export interface Running {
  /** What the pattern found in its output. */
  found: string;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** What stands before a command, such as a program that runs it elsewhere. */
export type Prefix = readonly string[];

/** Starts a module and waits until its output matches. */
const run = (args: string[], ready: RegExp, prefix: Prefix = []) =>
  start([...prefix, python, "-m", ...args], ready);

export function start(words: string[], ready: RegExp, seconds = 60): Promise<Running> {
  const [command, ...args] = words;
  const child = spawn(command!, args, {
    cwd: root,
    env: { ...process.env, PYTHONUNBUFFERED: "1", PYTHONPATH: join(root, "src") },
  });
  let output = "";
  return new Promise((resolve, reject) => {
    const give = (why: string) => reject(new Error(`${words.join(" ")} ${why}:\n${output}`));
    const timer = setTimeout(() => give("is not ready"), seconds * 1000);
    const read = (data: Buffer) => {
      output += data.toString();
      const found = ready.exec(output)?.[1];
      if (!found) return;
      clearTimeout(timer);
      resolve({ found, stop: (signal) => end(child, signal) });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => give(`ended with ${code}`));
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}

export function startEndpoint(prefix?: Prefix): Promise<Running> {
  return run(["gantry_edge.models.scripted", "--port", "0"], /listening on (\S+)/, prefix);
}

export interface ServerOptions {
  dataDir: string;
  /** Base address of an OpenAI-compatible endpoint; without one the built-in engine answers. */
  endpoint?: string;
  port?: number;
  prefix?: Prefix;
  /** Instead of the source. */
  program?: string;
}

/** What a server says once it listens: the setup link of a fresh data folder, else the address. */
export const READY = /(http:\S+)[\s\S]*Data /;

/** `found` is the setup link of a fresh data folder, else the address. */
export async function startServer({
  dataDir,
  endpoint,
  port = 0,
  prefix,
  program,
}: ServerOptions): Promise<Running> {
  const args = ["serve", "--port", String(port), "--data-dir", dataDir, "--no-browser"];
  if (endpoint) {
    args.push("--no-engine", "--endpoints", JSON.stringify([{ name: "box", url: endpoint }]));
    args.push("--drain", "0");
  }
  const server = program
    ? await start([program, ...args], READY)
    : await run(["gantry_edge", ...args], READY, prefix);
  // Elsewhere it may be out of reach from here.
  if (!prefix) await answers(new URL("/health", server.found));
  return server;
}

export function addUser(dataDir: string, name: string, role: string, password: string) {
  const words = ["users", "add", name, "--role", role, "--password-stdin", "--data-dir", dataDir];
  execFileSync(python, ["-m", "gantry_edge", ...words], {
    cwd: root,
    env: { ...process.env, PYTHONPATH: join(root, "src") },
    input: password,
  });
}

async function answers(address: URL) {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(address).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${address} does not answer`);
}

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "gantry-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
