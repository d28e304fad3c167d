import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../language/t";
import { addFiles } from "../state/uploads";

interface DropZoneProps {
  collectionId: string | null;
  name: string;
  children: ComponentChildren;
}

const hasFiles = (event: DragEvent) => !!event.dataTransfer?.types.includes("Files");

/** The whole view takes files. */
export function DropZone({ collectionId, name, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  return (
    <div
      class="library view"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        addFiles(event.dataTransfer!.files, collectionId);
      }}
    >
      {children}
      {over && (
        <div class="drop-here">
          <p>
            {name ? t("Drop files to add them to {name}", { name }) : t("Drop files to add them")}
          </p>
        </div>
      )}
    </div>
  );
}
