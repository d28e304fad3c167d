// Questions being rewritten, by message: kept until the server has taken them, wherever the reader goes meanwhile.
import { signal } from "@preact/signals";

export const edits = signal<Readonly<Record<string, string>>>({});

export const keepEdit = (id: string, text: string) =>
  (edits.value = { ...edits.peek(), [id]: text });

export function endEdit(id: string) {
  const { [id]: _, ...others } = edits.peek();
  edits.value = others;
}
