import { msg, t } from "../language/t";
import { path } from "../state/route";
import { user } from "../state/session";

/** Every page for who looks after the appliance. */
const pages: [address: string, name: string][] = [
  ["/settings/overview", msg("Overview")],
  ["/settings/usage", msg("Usage")],
  ["/settings/people", msg("People")],
  ["/settings/models", msg("Models")],
  ["/settings/audit", msg("What was done")],
  ["/settings/network", msg("Network")],
  ["/settings/logs", msg("Log")],
];

export function ConsolePages() {
  if (user.value?.role === "member") return null;
  return (
    <nav class="tabs" aria-label={t("Administration")}>
      {pages.map(([address, name]) => (
        <a
          key={address}
          class="nav-link"
          href={address}
          aria-current={path.value === address ? "page" : undefined}
        >
          {t(name)}
        </a>
      ))}
    </nav>
  );
}
