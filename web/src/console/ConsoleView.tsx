import type { ComponentType } from "preact";
import { msg, t } from "../language/t";
import { Back } from "../settings/Back";
import { PageHeader } from "../shell/PageHeader";
import { path } from "../state/route";
import { user } from "../state/session";
import { AuditPage } from "./AuditPage";
import { ConsolePages } from "./ConsolePages";
import { LogPage } from "./LogPage";
import { OverviewPage } from "./OverviewPage";
import { UsagePage } from "./UsagePage";
import "../settings/sheet.css";

const views: Record<string, [title: string, page: ComponentType]> = {
  "/settings/overview": [msg("Overview"), OverviewPage],
  "/settings/usage": [msg("Usage"), UsagePage],
  "/settings/audit": [msg("What was done"), AuditPage],
  "/settings/logs": [msg("Log"), LogPage],
};

export function ConsoleView() {
  const [title, View] = views[path.value]!;
  return (
    <div class="view">
      <PageHeader title={t(title)} />
      <div class="view-scroll">
        <div class="settings-body">
          <Back />
          <ConsolePages />
          {user.value?.role === "member" ? (
            <p>{t("Only owners and administrators see this.")}</p>
          ) : (
            <View />
          )}
        </div>
      </div>
    </div>
  );
}
