// Dates, numbers and sizes as the reader writes them.
import { apart, locale, t } from "./t";

export function date(time: number, dateStyle: "medium" | "long" = "medium"): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle }).format(time);
}

export function moment(time: number): string {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(locale.value, style).format(time);
}

export function decimal(value: number, digits: number): string {
  const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale.value, exactly).format(value);
}

export function percent(share: number): string {
  return new Intl.NumberFormat(locale.value, { style: "percent" }).format(share);
}

/** Short facts in one line. */
export const facts = (parts: string[]) => parts.filter(Boolean).map(apart).join(" · ");

/** Several names or counts in one sentence. */
export const list = (items: string[]) =>
  new Intl.ListFormat(locale.value, { style: "short", type: "unit" }).format(items);

export function size(bytes: number): string {
  if (bytes < 1000) return t("{n} B", { n: bytes });
  const [value, unit] =
    bytes < 1e6
      ? [bytes / 1e3, "kilobyte"]
      : bytes < 1e9
        ? [bytes / 1e6, "megabyte"]
        : [bytes / 1e9, "gigabyte"];
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale.value, {
    style: "unit",
    unit,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

export const seconds = (ms: number) => t("{n} s", { n: decimal(ms / 1000, ms < 10_000 ? 1 : 0) });

/** Of a wait in seconds: nobody needs it finer than this. */
export const duration = (value: number) =>
  value < 90
    ? t("{n} s", { n: Math.max(1, Math.round(value)) })
    : t("{n} min", { n: Math.round(value / 60) });
