import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../language/t";
import { addFiles } from "../state/uploads";

interface DropZoneProps {
  collectionId: string | null;
  /** It takes nothing: somebody else shares it. */
  closed: boolean;
  name: string;
  children: ComponentChildren;
}

const hasFiles = (event: DragEvent) => !!event.dataTransfer?.types.includes("Files");

/** The whole view takes files. */
export function DropZone({ collectionId, closed, name, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  return (
    <div
      class="library view"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        if (closed) event.dataTransfer!.dropEffect = "none";
        setOver(!closed);
      }}
      onDragLeave={(event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        if (!closed) addFiles(event.dataTransfer!.files, collectionId);
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
