// Formulas are typeset in a worker, one after the other; one that takes too long ends with its worker.
import { signal, type Signal } from "@preact/signals";
import { msg } from "../language/t";
import type { Typeset } from "./typeset";
import type { Job } from "./worker";
import address from "./worker?worker&url";

/** The start of the worker counts, too. */
const PATIENCE = 3000;
const KEPT = 1000;
const LONGEST = 5000;

export type Result = Signal<Typeset | null>;

const results = new Map<string, Result>();
const waiting = new Map<number, { job: Job; result: Result }>();
let worker: Worker | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let count = 0;

interface Policy {
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
/** One address, known when the page was built. */
const policy = trustedTypes?.createPolicy("maths-worker", { createScriptURL: (url) => url });

function start(): Worker {
  const started = new Worker(policy?.createScriptURL(address) ?? address, { type: "module" });
  started.onmessage = ({ data }: MessageEvent<{ id: number; result: Typeset }>) => {
    settle(data.id, data.result);
    watch();
  };
  started.onerror = () => giveUp(msg("Formulas cannot be drawn here."));
  return started;
}

function settle(id: number, result: Typeset) {
  const found = waiting.get(id);
  waiting.delete(id);
  if (found) found.result.value = result;
}

/** The oldest job is the one being worked on. */
function watch() {
  clearTimeout(timer);
  if (waiting.size)
    timer = setTimeout(() => giveUp(msg("This formula takes too long to be drawn.")), PATIENCE);
}

function giveUp(fault: string) {
  worker?.terminate();
  worker = null;
  const first = waiting.keys().next().value;
  if (first !== undefined) settle(first, { fault });
  if (!waiting.size) return;
  worker = start();
  for (const { job } of waiting.values()) worker.postMessage(job);
  watch();
}

function ask(source: string, display: boolean): Result {
  const result: Result = signal(null);
  if (source.length > LONGEST) {
    result.value = { fault: null };
    return result;
  }
  const job = { id: count++, source, display };
  waiting.set(job.id, { job, result });
  worker ??= start();
  worker.postMessage(job);
  if (waiting.size === 1) watch();
  return result;
}

/** Null until it is there; the same formula is typeset once. */
export function typesetting(source: string, display: boolean): Result {
  const key = `${display ? 1 : 0}${source}`;
  let result = results.get(key);
  if (!result) {
    if (results.size >= KEPT) results.delete(results.keys().next().value!);
    results.set(key, (result = ask(source, display)));
  }
  return result;
}
