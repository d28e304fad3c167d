/** Where the last finished sentence ends. */
export function sentenceEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(/[.!?:](?=\s)|[。！？]|\n/g))
    end = match.index + match[0].length;
  return end;
}
