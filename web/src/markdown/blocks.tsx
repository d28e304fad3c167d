import type { Token, Tokens } from "marked";
import type { ComponentChildren } from "preact";
import { t } from "../language/t";
import { lazy } from "../ui/lazy";
import { CodeBlock } from "./CodeBlock";
import { inline } from "./inline";
import { NoteText, type Note } from "./notes";

const Nothing = (_: { token: Tokens.Table }) => <></>;
const TableActions = lazy(
  () => import("../tables/TableActions").then((m) => m.TableActions),
  Nothing,
  Nothing,
);

export function blocks(tokens: Token[]): ComponentChildren[] {
  return tokens.map((token) => block(token));
}

// The page's own headings come first: its title, then the message.
const headings = ["h3", "h4", "h5", "h6"] as const;

export function block(token: Token): ComponentChildren {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "paragraph":
      return <p dir="auto">{inline(token.tokens)}</p>;
    case "heading": {
      const Heading = headings[Math.min(token.depth, headings.length) - 1]!;
      return <Heading dir="auto">{inline(token.tokens)}</Heading>;
    }
    case "code":
      return <CodeBlock code={token.text} language={token.lang?.split(/\s/)[0] ?? ""} />;
    case "list":
      return list(token as Tokens.List);
    case "table":
      return table(token as Tokens.Table);
    case "blockquote":
      return <blockquote dir="auto">{blocks(token.tokens ?? [])}</blockquote>;
    case "hr":
      return <hr />;
    case "formula":
      return <p dir="auto">{inline([token])}</p>;
    case "note":
      return <NoteText label={(token as Note).label}>{inline(token.tokens)}</NoteText>;
    case "html":
      return (
        <p class="plain-text" dir="auto">
          {token.raw.trim()}
        </p>
      );
    default:
      return inline([token]);
  }
}

function list(token: Tokens.List) {
  const items = token.items.map((item) => (
    <li class={item.task ? "task" : undefined}>{blocks(item.tokens)}</li>
  ));
  return token.ordered ? (
    <ol dir="auto" start={token.start === "" ? 1 : token.start}>
      {items}
    </ol>
  ) : (
    <ul dir="auto">{items}</ul>
  );
}

function table(token: Tokens.Table) {
  return (
    <div class="table">
      <div class="table-box" tabIndex={0} role="group" aria-label={t("Table")}>
        <table dir="auto">
          <thead>
            <tr>
              {token.header.map((cell) => (
                <th scope="col" class={cell.align ?? undefined}>
                  {inline(cell.tokens)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {token.rows.map((row) => (
              <tr>
                {row.map((cell) => (
                  <td class={cell.align ?? undefined}>{inline(cell.tokens)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <TableActions token={token} />
    </div>
  );
}
