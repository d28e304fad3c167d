// Only what is listed here gets into the page: MathML that shows, and neither loads, links nor runs anything.
import { h, type ComponentChild } from "preact";
import type { Tree } from "./typeset";

const TAGS = new Set(
  (
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup " +
    "munder mover munderover mmultiscripts mprescripts none mtable mtr mtd menclose span"
  ).split(" "),
);

const ATTRIBUTES = new Set(
  (
    "accent accentunder columnalign columnspan depth display displaystyle fence form height largeop linebreak " +
    "linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation " +
    "rowspacing rowspan rspace scriptlevel separator stretchy symmetric voffset width"
  ).split(" "),
);

const STYLES = new Set(
  (
    "border borderBottom borderLeft borderRight borderTop bottom color display fontFamily font-family fontStyle " +
    "font-style fontWeight font-weight height justifyContent left marginLeft mathDepth math-depth padding " +
    "paddingBottom paddingLeft paddingRight paddingTop right textAlign transform whiteSpace width"
  ).split(" "),
);

const VALUE = /^[-\w.,%# '()]{1,60}$/;
const CLASS = /^[\w -]{1,120}$/;

/** `position: absolute` alone would let a formula cover the page; where it is needed a class says so. */
function safe(attributes: Record<string, string>) {
  const props: Record<string, unknown> = {};
  const style: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const property = name.startsWith("style:") ? name.slice(6) : null;
    if (property) {
      if (STYLES.has(property) && VALUE.test(value) && !/url|image/i.test(value))
        style[property] = value;
    } else if (name === "class") {
      if (CLASS.test(value)) props.class = value;
    } else if (ATTRIBUTES.has(name) && VALUE.test(value)) props[name] = value;
  }
  if (Object.keys(style).length) props.style = style;
  return props;
}

export function element(tree: Tree): ComponentChild {
  if (typeof tree === "string") return tree;
  const [tag, attributes, children] = tree;
  const inner = children.map(element);
  return TAGS.has(tag) ? h(tag, safe(attributes), inner) : inner;
}
