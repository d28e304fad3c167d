// Tokens become vnodes, never HTML: there is no markup in an answer that the browser could run.
import type { Token } from "marked";
import { Component } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { block } from "./blocks";
import { Citations, type Citation } from "./citations";
import { labels, Notes } from "./notes";
import { readMarkdown, type Read } from "./tokens";

const SLOW = 50;
const PAUSE = 250;

interface BlockProps {
  token: Token;
  /** A definition that arrives late changes links in blocks whose text stayed the same. */
  definitions: string;
}

/** While an answer is written only its last block changes. */
class Block extends Component<BlockProps> {
  override shouldComponentUpdate(next: BlockProps) {
    const { token, definitions } = this.props;
    return next.token.raw !== token.raw || next.definitions !== definitions;
  }
  override render() {
    return block(this.props.token);
  }
}

interface MarkdownProps {
  text: string;
  /** What a number in brackets stands for; without it numbers are text. */
  citation?: Citation;
}

/** Text that is slow to read is read less often: the page must stay usable. */
function useRead(text: string): Read {
  const read = useRef<Read | null>(null);
  const [, again] = useState(0);
  const last = read.current;
  const wait =
    last && last.cost > SLOW ? last.at + Math.max(PAUSE, 4 * last.cost) - performance.now() : 0;
  if (last?.text !== text && wait <= 0) read.current = readMarkdown(text, last);
  const late = read.current!.text !== text;
  useEffect(() => {
    if (!late) return;
    const timer = setTimeout(() => again((count) => count + 1), wait);
    return () => clearTimeout(timer);
  });
  return read.current!;
}

export function Markdown({ text, citation }: MarkdownProps) {
  const { tokens } = useRead(text);
  if (!tokens) return <p class="plain-text">{text}</p>;
  const noted = labels(tokens);
  const definitions = JSON.stringify(tokens.links) + noted;
  return (
    <div class="markdown">
      <Citations.Provider value={citation ?? null}>
        <Notes.Provider value={noted}>
          {tokens.map((token, at) => (
            <Block key={at} token={token} definitions={definitions} />
          ))}
        </Notes.Provider>
      </Citations.Provider>
    </div>
  );
}
