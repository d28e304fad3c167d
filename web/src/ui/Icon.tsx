const paths = {
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h10",
  close: "M6 6l12 12M18 6L6 18",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  copy: "M9 9h10v11H9zM15 5H5v11",
  check: "M5 13l4 4L19 7",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  again: "M4 12a8 8 0 1 1 2.500 5.800M4 20v-5h5",
  left: "M14 6l-6 6 6 6",
  right: "M10 6l6 6-6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  up: "M12 19V5M6 11l6-6 6 6",
  chevron: "M7 10l5 5 5-5",
  gear: "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 1 0-4 0M7 17a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
  info: "M12 11v5M12 8h.01M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0",
  alert: "M12 8v5M12 16h.01M12 3l10 18H2z",
  wrap: "M4 6h16M4 12h13a3 3 0 0 1 0 6h-4M15 15l-3 3 3 3M4 18h4",
  whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  columns: "M4 5h16v14H4zM12 5v14",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  library: "M5 4v16M9 4v16M12 4.500l4-.500 3 15.500-4 .500z",
  search: "M4 11a7 7 0 1 0 14 0 7 7 0 1 0-14 0M16 16l5 5",
  upload: "M12 16V4M6 10l6-6 6 6M4 20h16",
  download: "M12 4v12M6 10l6 6 6-6M4 20h16",
  pause: "M9 6v12M15 6v12",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  memory: "M6 4h12v17l-6-4-6 4z",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  folder: "M3 6h6l2 2h10v11H3z",
  folderOpen: "M3 19V6h6l2 2h8v3M3 19l3-8h16l-3 8z",
  checks: "M2 13l4 4L14 8M12 16l1 1L21 8",
  archive: "M4 5h16v4H4zM5.500 9v11h13V9M10 13h4",
  clock: "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 7v5l3 3",
  branch: "M7 4v16M7 15c0-5 10-2 10-8M14 9l3-3 3 3",
  people:
    "M5 8a3.500 3.500 0 1 0 7 0 3.500 3.500 0 1 0-7 0M2 20c0-8 13-8 13 0M15 4.500a3.500 3.500 0 0 1 0 7M18 14c3 1 4 3 4 6",
  play: "M8 5l11 7-11 7z",
  mark: "M3 6h18M6 6v15M18 6v15M12 6v5M8.500 11h7v5h-7z",
};

export type IconName = keyof typeof paths;

/** Always beside a label, so hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
