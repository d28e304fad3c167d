import { lazy } from "../ui/lazy";

const PlainText = ({ text }: { text: string }) => <p class="plain-text">{text}</p>;

/** Until its chunk is here, the text as it is. */
export const Markdown = lazy(
  () => import("../markdown/Markdown").then((module) => module.Markdown),
  PlainText,
  PlainText,
);
