import { t } from "../language/t";
import type { Section } from "../state/lists";
import { intoFolder, pin, pinAt } from "../state/order";
import type { Conversation } from "../types";
import { ConversationItem } from "./ConversationItem";
import { dropPlace, over } from "./dragging";
import { FolderHead } from "./FolderHead";

interface SectionProps {
  section: Section;
  /** The row of the list its heading stands in. */
  top: number;
  /** Which of its conversations are drawn. */
  view: [from: number, to: number];
  /** How high a row is. */
  row: number;
  current: string | null;
  /** The row that the Tab key stops at. */
  stop: number | null;
  /** A row that is drawn although it is not in view. */
  kept: number | null;
}

/** A heading, and of what stands below it as much as is looked at. */
export function ListSection({ section, top, view, row, stop, kept }: SectionProps) {
  const { kind, key, folder, shelf, from, count } = section;
  const numbers = Array.from({ length: view[1] - view[0] }, (_, at) => view[0] + at);
  const extra = kept === null ? -1 : kept - top - 1;
  if (extra >= 0 && extra < count && (extra < view[0] || extra >= view[1])) numbers.push(extra);
  const heading = `group-${key.replace(/\W/g, "-")}`;

  const put = (all: Conversation[], event: DragEvent) => {
    if (folder) return void intoFolder(all, folder);
    if (kind === "pinned") {
      const box = (event.currentTarget as Element).getBoundingClientRect();
      const place = Math.max(0, Math.round((event.clientY - box.top) / row) - 1);
      if (all.length > 1) return void pin(all, true);
      const was = shelf.indexOf(all[0]!.id);
      return void pinAt(all[0]!, was >= 0 && was < place ? place - 1 : place);
    }
    const inside = all.filter((one) => one.folder_id || one.pinned);
    if (inside.length) void intoFolder(inside, null);
  };

  const name = kind === "pinned" ? t("Pinned") : kind === "date" ? t(section.label) : section.label;
  return (
    <section
      aria-labelledby={heading}
      class={over.value === key ? "over" : ""}
      style={{ insetBlockStart: `${top * row}px`, blockSize: `${(1 + count) * row}px` }}
      {...dropPlace(key, put)}
    >
      {folder ? (
        <FolderHead id={heading} folder={folder} row={top} stop={stop === top} />
      ) : (
        <h2 id={heading}>{name}</h2>
      )}
      <ul>
        {numbers.map((at) => {
          const one = shelf.rows.value[from + at];
          const style = { insetBlockStart: `${(1 + at) * row}px` };
          const place = {
            style,
            "data-row": top + 1 + at,
            "aria-setsize": count,
            "aria-posinset": at + 1,
          };
          if (!one) return <li key={at} class="conversation unread" {...place} aria-busy="true" />;
          return (
            <ConversationItem
              key={one.id}
              conversation={one}
              place={place}
              stop={stop === top + 1 + at}
            />
          );
        })}
      </ul>
    </section>
  );
}
