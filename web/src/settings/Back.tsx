import { t } from "../language/t";
import { Icon } from "../ui/Icon";

/** From a page of the settings to all of them. */
export const Back = () => (
  <a class="back" href="/settings">
    <Icon name="left" /> {t("Settings")}
  </a>
);
