import { SlashMenu } from "../prompts/SlashMenu";
import type { Pen } from "./pen";
import { useDraftSync } from "./useDraftSync";
import "./more.css";

/** What helps with a message, and nobody needs for its first letter. */
export function ComposerMore({ pen }: { pen: Pen }) {
  useDraftSync(pen);
  return <SlashMenu pen={pen} />;
}
