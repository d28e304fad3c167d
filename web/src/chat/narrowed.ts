// Which words of a source a citation is about: a source may be pages long.
import type { Source } from "../types";

const WORD = /[\p{L}\p{N}]+/gu;
const SENTENCE = /[^.!?。！？\n]+(?:[.!?]+(?!\S)|[。！？]+|[.!?]+|\n+|$)/gu;
/** Of the claim's words; below it all of the source is shown. */
const ENOUGH = 0.4;

/** Rough, and the same on both sides; short words without digits say too little. */
function words(text: string): Set<string> {
  const found = [...text.toLowerCase().matchAll(WORD)].map(([word]) => word);
  return new Set(
    found
      .filter((word) => word.length > 3 || /\d/.test(word))
      .map((word) => (word.length > 4 ? word.slice(0, Math.max(4, word.length - 3)) : word)),
  );
}

/** The place and the text of what the claim rests on: a sentence, or two that stand together. */
export function narrowed(source: Source, claim: string): Source {
  const wanted = words(claim);
  const sentences = [...source.text.matchAll(SENTENCE)].map(({ 0: text, index }) => ({
    from: index,
    to: index + text.length,
    words: words(text),
  }));
  const pairs = sentences.slice(1).map((next, at) => ({
    from: sentences[at]!.from,
    to: next.to,
    words: new Set([...sentences[at]!.words, ...next.words]),
  }));
  let best = { from: 0, to: source.text.length, hits: 0 };
  for (const { from, to, words } of [...sentences, ...pairs]) {
    const hits = [...wanted].filter((word) => words.has(word)).length;
    if (hits > best.hits && hits >= ENOUGH * wanted.size) best = { from, to, hits };
  }
  const text = source.text.slice(best.from, best.to);
  const from = best.from + (text.length - text.trimStart().length);
  const start = source.start + length(source.text.slice(0, from));
  const kept = text.trim();
  return { ...source, text: kept, start, end: start + length(kept) };
}

/** In characters, as the server counts. */
function length(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
