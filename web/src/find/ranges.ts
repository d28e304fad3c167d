// Where words stand in what is on the page. Marked by the browser, without a change to the page itself.

const BLOCK = "p, li, td, th, h1, h2, h3, h4, h5, h6, pre, blockquote, div";
const NOT_SHOWN = ".actions, .visually-hidden, button, summary";

/** One sign for one, so that places stay what they are. */
const fold = (text: string) =>
  /^[\x00-\x7f]*$/.test(text)
    ? text.toLowerCase()
    : Array.from({ length: text.length }, (_, at) => {
        const sign = text[at]!;
        return sign.normalize("NFD")[0]!.toLowerCase()[0] ?? sign;
      }).join("");

export function patternOf(words: string): RegExp | null {
  const parts = fold(words.normalize("NFC")).trim().split(/\s+/).filter(Boolean);
  if (!parts.length) return null;
  return new RegExp(
    parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"),
    "g",
  );
}

/** In the text of a message, in the order they are read. */
export function rangesIn(box: Element, pattern: RegExp): Range[] {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest(NOT_SHOWN) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const nodes: { node: Text; start: number }[] = [];
  let text = "";
  let block: Element | null = null;
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    const its = node.parentElement!.closest(BLOCK);
    if (block && its !== block) text += "\n";
    block = its;
    nodes.push({ node, start: text.length });
    text += node.data;
  }
  const at = (place: number, end: boolean) => {
    const found = nodes.findLast(({ start }) => (end ? start < place : start <= place))!;
    return [found.node, Math.min(place - found.start, found.node.length)] as const;
  };
  return [...fold(text).matchAll(pattern)].map(({ index, 0: whole }) => {
    const range = document.createRange();
    range.setStart(...at(index, false));
    range.setEnd(...at(index + whole.length, true));
    return range;
  });
}

/** By the browser's own marks; where it has none, the one that is shown is selected. */
export function mark(all: Range[], now: Range | undefined) {
  if (typeof Highlight === "function" && CSS.highlights) {
    CSS.highlights.set("found", new Highlight(...all.filter((one) => one !== now)));
    CSS.highlights.set("found-now", new Highlight(...(now ? [now] : [])));
    return;
  }
  const selection = getSelection();
  selection?.removeAllRanges();
  if (now) selection?.addRange(now);
}
