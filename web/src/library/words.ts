// Which words of a passage a query is about. The server knows better; this is for the eye only.

export interface Piece {
  text: string;
  hit: boolean;
}

const WORD = /[\p{L}\p{N}]+/gu;
const STOP = new Set(
  (
    "a an and are as at be by did do does for from had has have how if in into is it its of on or " +
    "our that the their them they this to was we were what when where which who whom why will with you your"
  ).split(" "),
);

const plain = (word: string) => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Endings that English puts on a word. Rough, and the same on both sides. */
function stem(word: string): string {
  const short = plain(word);
  if (short.length < 5) return short.replace(/(?<=..)s$/, "");
  return short.replace(/(ings?|edly|ed|es|s|ly)$/, "").replace(/(e|(.)(?=\2))$/, "");
}

export function marked(text: string, query: string): Piece[] {
  const wanted = new Set(
    [...query.matchAll(WORD)]
      .filter(([word]) => !STOP.has(plain(word)))
      .map(([word]) => stem(word)),
  );
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!wanted.has(stem(word))) continue;
    if (index > from) pieces.push({ text: text.slice(from, index), hit: false });
    pieces.push({ text: word, hit: true });
    from = index + word.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hit: false });
  return pieces;
}

const WINDOW = 420;
const BEFORE = 60;

/** The stretch with most of the words: a passage is longer than what is shown of it. */
export function excerpt(pieces: Piece[]): Piece[] {
  let at = 0;
  const hits = pieces.flatMap(({ text, hit }) => {
    const from = at;
    at += text.length;
    return hit ? [{ from, word: stem(text) }] : [];
  });
  if (at <= WINDOW || !hits.length) return pieces;
  /** How many different words follow, and how close together. */
  const worth = (first: number) => {
    const seen = new Set<string>();
    let span = 0;
    for (const { from, word } of hits) {
      if (from < first || from > first + WINDOW - BEFORE || seen.has(word)) continue;
      seen.add(word);
      span = from - first;
    }
    return seen.size * WINDOW - span;
  };
  const best = hits.reduce((a, b) => (worth(b.from) > worth(a.from) ? b : a));
  return best.from > BEFORE ? [{ text: "… ", hit: false }, ...from(pieces, best.from)] : pieces;
}

/** What follows a little before `place`, from a word on. */
function from(pieces: Piece[], place: number): Piece[] {
  let skip = place - BEFORE;
  const kept: Piece[] = [];
  for (const { text, hit } of pieces) {
    if (skip < text.length) kept.push({ text: skip > 0 ? text.slice(skip) : text, hit });
    skip -= text.length;
  }
  const [first, ...rest] = kept;
  return first ? [{ ...first, text: first.text.replace(/^\S*\s/, "") }, ...rest] : kept;
}
