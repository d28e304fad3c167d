// A library with a document in every state, for pictures and for states that are hard to reach.
import type { Page } from "@playwright/test";

const NOW = Date.UTC(2026, 4, 4, 9);

export const SHELVES = [
  ["0190b5a0-0000-7000-8000-00000000000a", "Contracts", 3],
  ["0190b5a0-0000-7000-8000-00000000000b", "My documents", 8],
  ["0190b5a0-0000-7000-8000-00000000000c", "Policies and procedures of the whole company", 0],
  [
    "0190b5a0-0000-7000-8000-00000000000d",
    `Versicherungsunterlagen_${"Donaudampfschifffahrt".repeat(3)}`,
    2,
  ],
] as const;

type Fields = Record<string, unknown>;

const document = (at: number, name: string, fields: Fields = {}) => ({
  id: `0190b5a0-0000-7000-8000-0000000001${String(at).padStart(2, "0")}`,
  collection_id: SHELVES[1][0],
  name,
  kind: name.split(".").at(-1),
  bytes: 48_000 * (at + 1),
  status: "ready",
  stage_done: 0,
  stage_total: 0,
  error: null,
  warning: "",
  pages: null,
  chunks: 12,
  created_at: NOW - at * 1000,
  updated_at: NOW,
  ...fields,
});

export const DOCUMENTS = [
  document(0, "handbook.pdf", { pages: 42, bytes: 2_345_678 }),
  document(1, "Minutes of the annual general meeting, signed, second version.docx", {
    status: "embedding",
    stage_done: 30,
    stage_total: 120,
  }),
  document(2, "prices.csv", { status: "extracting" }),
  document(3, "slides.pptx", { status: "queued" }),
  document(4, "archive.epub", { status: "paused", stage_done: 4, stage_total: 10 }),
  document(5, "scan.pdf", {
    status: "failed",
    error: { code: "document_unreadable", detail: "No text was found: this looks like a scan." },
  }),
  document(6, "report.pdf", { pages: 3, warning: "2 pages have no text; they look like scans." }),
  document(7, "notes.md", { bytes: 700 }),
];

const PARAGRAPH =
  "Everybody who works here full-time has 27 days of paid leave a year. Days that were not taken by the end of March are lost, unless illness stood in the way. ";

const PAGES = Array.from(
  { length: 8 },
  (_, at) => `${at + 1}. Leave 🏝️ and absence\n\n${`${PARAGRAPH}\n\n`.repeat(6)}`,
);

const lengths = PAGES.map((text) => [...text].length);

export const TEXT = {
  name: "handbook.pdf",
  text: PAGES.join(""),
  pages: lengths.map((_, at) => lengths.slice(0, at).reduce((sum, one) => sum + one, 0)),
};

const START = TEXT.pages[3]! + [..."4. Leave 🏝️ and absence\n\n"].length;

export const SOURCES = [0, 1, 2].map((at) => ({
  number: at + 1,
  id: `p${at}`,
  document_id: DOCUMENTS[at === 2 ? 7 : 0]!.id,
  document_name: DOCUMENTS[at === 2 ? 7 : 0]!.name,
  collection_id: SHELVES[1][0],
  page: at === 2 ? null : 4 + at,
  heading: at === 2 ? "" : "Leave and absence",
  start: START,
  end: START + PARAGRAPH.length - 1,
  text: PARAGRAPH.trim(),
  score: 0.91 - at * 0.17,
  page_end: at === 1 ? 6 : null,
}));

/** Answers in the place of the server for everything of the library. */
export async function fakeLibrary(page: Page, documents: Fields[] = DOCUMENTS) {
  const answers: [RegExp, (url: URL) => unknown][] = [
    [/\/api\/collections$/, () => ({ items: shelves(documents.length), next: null })],
    [/\/api\/documents\/search$/, () => ({ items: SOURCES, next: null })],
    [/\/api\/documents\/[^/]+\/text$/, () => TEXT],
    [
      /\/api\/documents\/[^/]+$/,
      (url) => documents.find((one) => url.pathname.endsWith(String(one.id))),
    ],
    [
      /\/api\/documents$/,
      (url) => ({
        items: documents.filter((one) => {
          const wanted = url.searchParams.get("collection_id");
          return !wanted || one.collection_id === wanted;
        }),
        next: null,
      }),
    ],
  ];
  await page.route(/\/api\/(collections|documents)/, async (route) => {
    const url = new URL(route.request().url());
    if (url.pathname.endsWith("/events")) {
      return route.fulfill({ contentType: "text/event-stream", body: ": ping\n\n" });
    }
    const method = route.request().method();
    const isSearch = url.pathname.endsWith("/search");
    if (method === "DELETE") return route.fulfill({ status: 204 });
    if (method !== "GET" && !isSearch) return route.fallback();
    const found = answers.find(([pattern]) => pattern.test(url.pathname))?.[1](url);
    if (found) await route.fulfill({ json: found });
    else await route.fulfill({ status: 404, json: { status: 404, code: "not_found" } });
  });
}

const shelves = (count: number) =>
  SHELVES.map(([id, name, documents]) => ({
    id,
    name,
    documents: count ? documents : 0,
    created_at: NOW,
    updated_at: NOW,
  }));
