// How model servers and the engine are, and how long somebody waits.
import { msg, plural, t } from "../language/t";
import type { Health, LocalEngine } from "../types";

export const troubles: Partial<Record<Health, string>> = {
  key_lost: msg("Its key cannot be read here any more. Enter the key again."),
  model_wrong_key: msg("It does not accept the key."),
  model_unreachable: msg("It cannot be reached. Is it running, and is the address right?"),
  model_timeout: msg("It does not answer in time."),
  model_refused: msg("It refuses: the address is not right, or no model may live there."),
  model_busy: msg("It is busy."),
  model_broken: msg("What answers there is no model server, or it is broken."),
};

export function stateOf({ state, model }: LocalEngine): string {
  if (state === "off") return t("It is switched off by the settings of the program.");
  if (state === "stopped") return t("No model is loaded.");
  if (state === "starting") return t("{model} is being loaded.", { model });
  if (state === "crashed") return t("{model} has ended and starts again.", { model });
  return t("{model} is loaded.", { model });
}

export function work(running: number, waiting: number): string[] {
  return [
    running ? plural(running, "writes {n} answer", "writes {n} answers") : "",
    waiting ? plural(waiting, "{n} waits", "{n} wait") : "",
  ];
}
