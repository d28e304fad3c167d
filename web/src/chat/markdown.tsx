import type { ComponentChildren } from "preact";
import { lazy } from "../ui/lazy";

interface TextProps {
  text: string;
  citation?: (number: number, claim: string) => ComponentChildren;
}

const PlainText = ({ text }: TextProps) => (
  <p class="plain-text" dir="auto">
    {text}
  </p>
);

/** Until its chunk is here, the text as it is. */
export const Markdown = lazy(
  () => import("../markdown/Markdown").then((module) => module.Markdown),
  PlainText,
  PlainText,
);
