// A formula as a tree of plain values, made in a worker: nothing in it is markup yet.
import temml from "temml";

export type Tree = string | [tag: string, attributes: Record<string, string>, children: Tree[]];

/** What the library says of the source; nothing where the formula is only too large. */
export type Typeset = { tree: Tree } | { fault: string | null };

/** More than people write by hand; drawing it costs the page, not the worker. */
const MOST = 4000;

interface Found {
  type?: string;
  text?: string;
  attributes?: Record<string, unknown>;
  classes?: string[];
  style?: Record<string, unknown>;
  children?: Found[];
}

class TooLarge extends Error {}

export function typeset(source: string, display: boolean): Typeset {
  try {
    const found = temml.__renderToMathMLTree(source, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      maxExpand: 500,
      maxSize: [30, 30],
    }) as Found;
    let left = MOST;
    const plain = (node: Found): Tree => {
      if (!left--) throw new TooLarge();
      if (typeof node.text === "string") return node.text;
      const attributes: Record<string, string> = {};
      for (const [name, value] of Object.entries(node.attributes ?? {}))
        attributes[name] = String(value);
      const classes = (node.classes ?? []).filter(Boolean).join(" ");
      if (classes) attributes.class = classes;
      for (const [name, value] of Object.entries(node.style ?? {}))
        attributes[`style:${name}`] = String(value);
      return [node.type ?? "span", attributes, (node.children ?? []).map(plain)];
    };
    return { tree: plain(found) };
  } catch (error) {
    if (error instanceof TooLarge) return { fault: null };
    return { fault: String(error) };
  }
}
