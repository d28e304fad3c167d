import type { ComponentChildren } from "preact";
import { t } from "../language/t";
import { sidebar } from "../state/prefs";
import { path } from "../state/route";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { narrow } from "../ui/media";
import { drawerOpen } from "./drawer";

interface HeaderProps {
  title: string;
  children?: ComponentChildren;
}

export function PageHeader({ title, children }: HeaderProps) {
  const away = narrow.value || sidebar.value === "hidden";
  return (
    <header class="page-header">
      {away && (
        <IconButton
          icon="menu"
          label={t("Conversations")}
          aria-expanded={drawerOpen.value}
          onClick={() => (narrow.peek() ? (drawerOpen.value = true) : (sidebar.value = "shown"))}
        />
      )}
      <h1 title={title} dir="auto">
        {title}
      </h1>
      {children}
      {away && path.value !== "/" && (
        <a class="icon-button" href="/" aria-label={t("New chat")} title={t("New chat")}>
          <Icon name="plus" />
        </a>
      )}
    </header>
  );
}
