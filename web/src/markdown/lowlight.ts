import { createLowlight } from "lowlight";

const lowlight = createLowlight();

export type Highlighter = typeof import("./lowlight");

export function register(language: string, grammar: unknown) {
  lowlight.register(language, grammar as Parameters<typeof lowlight.register>[1]);
}

export function tree(code: string, language: string) {
  return lowlight.highlight(language, code).children;
}
