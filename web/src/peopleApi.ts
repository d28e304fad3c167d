// The requests about other people's accounts and the audit trail; apart, because a first visit makes none of them.
import { at, query, read, request, send } from "./api";
import type { AuditCheck, AuditEntry, Invitation, Invited, Page, Person, Role } from "./types";

export const peopleApi = {
  people: (before: string | null) =>
    read<Page<Person>>(`/api/people${query({ before, limit: 100 })}`),
  change: (id: string, change: { role?: Role; disabled?: boolean }) =>
    send<void>("PATCH", `/api/people/${at(id)}`, change),
  signOut: (id: string) => request("DELETE", `/api/people/${at(id)}/sessions`),
  invitations: () => read<Page<Invitation>>("/api/invitations"),
  invite: (role: Role, note: string) => send<Invited>("POST", "/api/invitations", { role, note }),
  linkForPassword: (person_id: string) => send<Invited>("POST", "/api/invitations", { person_id }),
  withdraw: (id: string) => request("DELETE", `/api/invitations/${at(id)}`),
  audit: (actions: string, before: string | null) =>
    read<Page<AuditEntry>>(`/api/audit${query({ actions, before, limit: 50 })}`),
  checkAudit: () => read<AuditCheck>("/api/audit/check"),
};
