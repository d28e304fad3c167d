// Grouping by the reader's own days, so across midnight and summer time.
import { msg } from "../language/t";

const groups: [days: number, label: string][] = [
  [0, msg("Today")],
  [1, msg("Yesterday")],
  [7, msg("Previous 7 days")],
  [30, msg("Previous 30 days")],
];

/** When each group began, the newest first; what is older has no beginning. */
export function beginnings(now: number): number[] {
  const today = new Date(now);
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()];
  return groups.map(([days]) => new Date(year, month, day - days).getTime());
}

export interface DateGroup {
  label: string;
  from: number;
  count: number;
}

/** `since`: how many of all there are since each beginning. Empty groups are left out. */
export function dateGroups(since: number[], all: number): DateGroup[] {
  const ends = [...since, all].map((end) => Math.min(end, all));
  const labels = [...groups.map(([, label]) => label), msg("Older")];
  return labels
    .map((label, at) => {
      const from = at ? ends[at - 1]! : 0;
      return { label, from, count: ends[at]! - from };
    })
    .filter(({ count }) => count > 0);
}
