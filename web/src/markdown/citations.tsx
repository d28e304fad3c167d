// "[1]" in an answer, where somebody says what it stands for.
import { createContext, type ComponentChildren } from "preact";
import { useContext } from "preact/hooks";

/** What to show in the place of a number, behind what it vouches for; null when nothing has it. */
export type Citation = (number: number, claim: string) => ComponentChildren;

export const Citations = createContext<Citation | null>(null);

/** Behind a narrow space: the program set it, not the model. */
const NUMBERS = /([ \u202f]?)\[(\d{1,3}(?:, ?\d{1,3})*)\]/g;

/** A text, with its citations as elements of their own. */
export function cited(text: string): ComponentChildren {
  const pieces: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(NUMBERS)) {
    if (match.index > from) pieces.push(text.slice(from, match.index));
    const numbers = match[2]!.split(",").map(Number);
    pieces.push(
      <Cited numbers={numbers} claim={claim(text.slice(0, match.index))} behind={match[1] !== ""}>
        {match[0]}
      </Cited>,
    );
    from = match.index + match[0].length;
  }
  if (!pieces.length) return text;
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** The last sentence, with its citations left out. */
function claim(before: string): string {
  return before
    .replace(NUMBERS, "")
    .split(/(?<=[.!?。！？])\s+/)
    .pop()!;
}

interface CitedProps {
  numbers: number[];
  claim: string;
  /** There is a word before it. */
  behind: boolean;
  children: string;
}

function Cited({ numbers, claim, behind, children }: CitedProps) {
  const citation = useContext(Citations);
  const shown = numbers.map((number) => citation?.(number, claim) ?? null);
  if (shown.every((one) => one === null)) return <>{children}</>;
  return (
    <>
      {/* Never alone on the next line. */}
      {behind && "\u00a0"}
      {shown.map((one, at) => one ?? `[${numbers[at]}]`)}
    </>
  );
}
