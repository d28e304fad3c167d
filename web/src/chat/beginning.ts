/** A whole document may be a source. */
const LONGEST = 300;

/** Of a long text its beginning, up to a word. */
export function beginning(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/\s+\S*$/, "")}…`;
}
