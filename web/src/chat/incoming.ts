// What is pasted or dropped into a message: texts go with it, documents are offered to the library.
import { signal } from "@preact/signals";
import { send } from "../api";
import { t } from "../language/t";
import { attach } from "../state/attaching";
import { tell } from "../state/chat";
import type { ImageFile } from "../types";
import { announce } from "../ui/announce";

/** More than that is a text of its own. */
export const LONG = 4000;
/** Of sending a picture. */
const SLOWEST = 120_000;
const MOST_BYTES = 4_000_000;
const MOST = 1_000_000;
const DOCUMENTS = /\.(pdf|docx?|pptx?|xlsx?|od[tsp]|rtf|epub|eml|html?|zip)$/i;

/** Files that the library can read, and a message cannot hold. */
export const offered = signal<readonly File[]>([]);

export function attachText(name: string, text: string) {
  if (text.length > MOST) {
    throw new Error(
      t("{name} is too long for a message. Add it to the library instead.", { name }),
    );
  }
  attach(name, text);
  announce(t("{name} is attached", { name }));
}

const PICTURES = /^image\/(png|jpeg|webp|gif)$/;

async function takePicture(file: File) {
  const { prepared } = await import("./picture");
  const data = await prepared(file).catch(() => {
    throw new Error(t("{name} cannot be read as a picture", { name: file.name }));
  });
  const sent = AbortSignal.timeout(SLOWEST);
  const { id, width, height } = await send<ImageFile>("POST", "/api/images", { data }, sent);
  attach(file.name, "", { id, width, height });
  announce(t("{name} is attached", { name: file.name }));
}

/** Null: it is no text. */
async function textOf(file: File): Promise<string | null> {
  if (file.size > MOST_BYTES || DOCUMENTS.test(file.name)) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

export async function takeFiles(files: Iterable<File>) {
  for (const file of files) {
    try {
      if (PICTURES.test(file.type)) {
        await takePicture(file);
        continue;
      }
      const text = await textOf(file);
      if (text === null) offered.value = [...offered.peek(), file];
      else if (text.trim()) attachText(file.name, text);
      else throw new Error(t("{name} is empty", { name: file.name }));
    } catch (error) {
      tell(error);
    }
  }
}

/** True: it was taken, and does not go into the text. */
export function takePaste(data: DataTransfer): boolean {
  const text = data.getData("text/plain");
  if (text.length > LONG) {
    try {
      attachText(t("Pasted text"), text);
    } catch (error) {
      tell(error);
    }
    return true;
  }
  if (text || !data.files.length) return false;
  void takeFiles([...data.files]);
  return true;
}
