// What the words of the server about its parts mean, and what to do.
import { msg } from "../language/t";

export const parts: Record<string, string> = {
  database: msg("Database"),
  files: msg("Files of documents and pictures"),
  index: msg("Search index"),
  embedder: msg("Search by meaning"),
  models: msg("Models"),
  disk: msg("Disk"),
  queue: msg("Waiting work"),
  network: msg("Network"),
  backup: msg("Backups"),
};

export const states = {
  pass: msg("fine"),
  warn: msg("needs a look"),
  fail: msg("needs help"),
};

export const advice: Record<string, string> = {
  "database unwritable": msg(
    "It cannot be written: make room on the disk. If there is room, the log says more.",
  ),
  "database damaged": msg(
    "It is damaged. Copy the data folder, then bring a backup back: stop Gantry Edge and use gantry-edge restore.",
  ),
  "files missing": msg(
    "Some are gone from the disk. Bring a backup back, or put those documents in again; gantry-edge doctor names them.",
  ),
  "index exact": msg(
    "It cannot be used now, so searches look at everything. It is tried again by itself; the command gantry-edge reindex makes it anew.",
  ),
  "index rebuilding": msg("It is being made anew. Everything is found meanwhile, only slower."),
  "index behind": msg("Many changes wait for it. It catches up by itself."),
  "embedder damaged": msg(
    "Its file cannot be read. The command gantry-edge version --check names what is damaged; install Gantry Edge again.",
  ),
  "models engine": msg("The built-in model is not ready. It starts by itself; the log says more."),
  "models endpoint": msg(
    "A model server does not answer, or there is none. See whether it runs and is reached from here.",
  ),
  "disk low": msg("It will soon be full: make room."),
  "disk full": msg("There is hardly any room left. Make some, or nothing new can be kept."),
  "queue failed": msg(
    "Some work was given up after several tries. The log says why; documents can be read again in the library.",
  ),
  "network problem": msg("Not all of it works. The page Network says what, and what to do."),
  "backup off": msg(
    "None are made by themselves. The setting backup_every changes that; gantry-edge backup makes one now.",
  ),
  "backup late": msg(
    "The last one is older than it should be. The log says why; gantry-edge backup makes one now.",
  ),
};
