// Grouping by the reader's own days, so across midnight and summer time.
import { msg, t } from "../language/t";

export interface Group<T> {
  label: string;
  items: T[];
}

const groups: [days: number, label: string][] = [
  [0, msg("Today")],
  [1, msg("Yesterday")],
  [7, msg("Previous 7 days")],
  [30, msg("Previous 30 days")],
];

function daysBefore(time: number, now: number): number {
  const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(time)) / 86_400_000);
}

export function dateLabel(time: number, now: number): string {
  const days = daysBefore(time, now);
  return t(groups.find(([limit]) => days <= limit)?.[1] ?? msg("Older"));
}

/** Items must be newest first. */
export function groupByDate<T extends { updated_at: number }>(items: T[], now: number): Group<T>[] {
  const result: Group<T>[] = [];
  for (const item of items) {
    const label = dateLabel(item.updated_at, now);
    const last = result.at(-1);
    if (last?.label === label) last.items.push(item);
    else result.push({ label, items: [item] });
  }
  return result;
}
