// Where things of the library are found on this page.
import { msg, t } from "../language/t";

interface Place {
  document_id: string;
  start: number;
  end: number;
}

export const collectionAddress = (id: string | null) =>
  id ? `/library?collection=${encodeURIComponent(id)}` : "/library";

export const documentAddress = (id: string) => `/library/${encodeURIComponent(id)}`;

export const passageAddress = ({ document_id, start, end }: Place) =>
  `${documentAddress(document_id)}?at=${start}-${end}`;

/** The characters an address points at. */
export function placeIn(search: string): { start: number; end: number } | null {
  const found = /^(\d{1,10})-(\d{1,10})$/.exec(new URLSearchParams(search).get("at") ?? "");
  const [start, end] = [Number(found?.[1]), Number(found?.[2])];
  return found && start < end ? { start, end } : null;
}

type Naming = [one: string, several: string];

const slide: Naming = [msg("slide {n}"), msg("slides {from}–{to}")];
const sheet: Naming = [msg("sheet {n}"), msg("sheets {from}–{to}")];
const chapter: Naming = [msg("chapter {n}"), msg("chapters {from}–{to}")];
const pageOf: Naming = [msg("page {n}"), msg("pages {from}–{to}")];
const namings: Record<string, Naming> = {
  pptx: slide,
  odp: slide,
  xlsx: sheet,
  ods: sheet,
  epub: chapter,
};

/** "page 3", in the word its kind of file has for it; "pages 3–4" over several. */
export function pageName(fileName: string, page: number, last?: number | null): string {
  const ending = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
  const [one, several] = namings[ending] ?? pageOf;
  return last && last > page
    ? t(several, { from: `${page}`, to: `${last}` })
    : t(one, { n: `${page}` });
}

interface Where {
  document_name: string;
  page: number | null;
  page_end?: number | null;
}

/** Where a passage stands: "handbook.pdf, page 3". */
export function placeName({ document_name: name, page, page_end }: Where) {
  if (page === null) return name;
  return t("{name}, {place}", { name, place: pageName(name, page, page_end) });
}
