import type { ComponentChildren } from "preact";
import { IconButton } from "../ui/Button";
import { narrow } from "../ui/media";
import { drawerOpen } from "./drawer";

export function PageHeader({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <header class="page-header">
      {narrow.value && (
        <IconButton
          icon="menu"
          label="Conversations"
          aria-expanded={drawerOpen.value}
          onClick={() => (drawerOpen.value = true)}
        />
      )}
      <h1 title={title}>{title}</h1>
      {children}
    </header>
  );
}
