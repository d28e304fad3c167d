// The variables of a prompt, filled in as the server does it.
const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

export const variables = ["user", "date", "model"] as const;
export type Values = Record<(typeof variables)[number], string>;

const known = (name: string): name is keyof Values => variables.some((one) => one === name);

export const filled = (prompt: string, values: Readonly<Record<string, string>>) =>
  prompt.replace(VARIABLE, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  );

/** Names that will stay as they are, each once. */
export function unknown(prompt: string): string[] {
  const names = [...prompt.matchAll(VARIABLE)].map((found) => found[1]!);
  return [...new Set(names.filter((name) => !known(name)))];
}

/** "2026-11-24", here and now. */
export function today(now = new Date()): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
