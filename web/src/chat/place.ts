import { duration, facts } from "../language/formats";
import { plural, t } from "../language/t";
import type { Place } from "../types";

/** Where an answer stands in line, and for how long. */
export function placeText({ ahead, seconds }: Place): string {
  const where = ahead
    ? plural(ahead, "{n} question is before yours", "{n} questions are before yours")
    : t("Your question is next");
  return facts([where, seconds == null ? "" : t("about {time} more", { time: duration(seconds) })]);
}
