// Tokens become vnodes, never HTML: there is no markup in an answer that the browser could run.
import { lexer, type Token } from "marked";
import { Component } from "preact";
import { useMemo } from "preact/hooks";
import { block } from "./blocks";
import "./markdown.css";

interface BlockProps {
  token: Token;
  /** A definition that arrives late changes links in blocks whose text stayed the same. */
  definitions: number;
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

export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text), [text]);
  const definitions = Object.keys(tokens.links).length;
  return (
    <div class="markdown">
      {tokens.map((token, at) => (
        <Block key={at} token={token} definitions={definitions} />
      ))}
    </div>
  );
}
