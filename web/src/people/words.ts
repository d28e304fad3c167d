// What entries of the audit trail are called.
import { msg } from "../language/t";

export const actions: Record<string, string> = {
  "account.set_up": msg("made the first account"),
  "account.signed_in": msg("signed in"),
  "account.signed_out": msg("signed out"),
  "account.session_ended": msg("ended a session of their own"),
  "account.password_changed": msg("changed their password"),
  "account.password_refused": msg("Wrong password"),
  "people.added": msg("made an account"),
  "people.invited": msg("invited somebody"),
  "people.invitation_withdrawn": msg("withdrew an invitation"),
  "people.joined": msg("came in by an invitation"),
  "people.password_link_made": msg("made a link for a new password"),
  "people.password_set": msg("set a password"),
  "people.role_changed": msg("changed a role"),
  "people.disabled": msg("locked an account"),
  "people.enabled": msg("unlocked an account"),
  "people.signed_out": msg("signed somebody out everywhere"),
  "network.switched": msg("switched the sharing on the network"),
  "network.checked": msg("checked the addresses"),
  "personas.added": msg("added a persona for everybody"),
  "personas.changed": msg("changed a persona for everybody"),
  "personas.deleted": msg("deleted a persona for everybody"),
  "personas.default_chosen": msg("chose the persona everybody begins with"),
};
