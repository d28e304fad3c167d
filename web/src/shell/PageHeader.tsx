import { t } from "../language/t";
import { path } from "../state/route";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { narrow } from "../ui/media";
import { drawerOpen } from "./drawer";

export function PageHeader({ title }: { title: string }) {
  return (
    <header class="page-header">
      {narrow.value && (
        <IconButton
          icon="menu"
          label={t("Conversations")}
          aria-expanded={drawerOpen.value}
          onClick={() => (drawerOpen.value = true)}
        />
      )}
      <h1 title={title} dir="auto">
        {title}
      </h1>
      {narrow.value && path.value !== "/" && (
        <a class="icon-button" href="/" aria-label={t("New chat")} title={t("New chat")}>
          <Icon name="plus" />
        </a>
      )}
    </header>
  );
}
