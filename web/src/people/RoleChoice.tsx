import { roles } from "../account/roles";
import { t } from "../language/t";
import { user } from "../state/session";
import type { Role } from "../types";
import { Choice } from "../ui/Field";

/** Administrators let in members, owners anybody. */
export function RoleChoice({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  if (user.value?.role !== "owner") return null;
  const order: Role[] = ["member", "admin", "owner"];
  return (
    <Choice
      label={t("Role")}
      hint={t(
        "Members use the assistant. Administrators also look after members and personas for everybody; owners after everything.",
      )}
      value={value}
      options={order.map((role) => [role, t(roles[role])])}
      onChange={(role) => onChange(role as Role)}
    />
  );
}
