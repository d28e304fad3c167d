// What roles are called.
import { msg } from "../language/t";
import type { Role } from "../types";

export const roles: Record<Role, string> = {
  owner: msg("Owner"),
  admin: msg("Administrator"),
  member: msg("Member"),
};
