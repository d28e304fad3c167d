// The requests of accounts; apart from the others, because who is signed in makes none of them at first.
import { at, read, request, send } from "./api";
import type { Opened, Page, Session, User } from "./types";

export const accountApi = {
  setUp: (token: string, name: string, password: string) =>
    send<User>("POST", "/api/setup", { token, name, password }),
  signIn: (name: string, password: string) =>
    send<User>("POST", "/api/auth/login", { email: name, password }),
  openInvitation: (token: string) => send<Opened>("POST", "/api/invitations/open", { token }),
  accept: (token: string, name: string, password: string) =>
    send<User>("POST", "/api/invitations/accept", { token, name, password }),
  signOut: () => send<void>("POST", "/api/auth/logout", {}),
  changePassword: (current: string, password: string) =>
    send<void>("POST", "/api/auth/password", { current, password }),
  sessions: () => read<Page<Session>>("/api/auth/sessions"),
  endOthers: () => request("DELETE", "/api/auth/sessions"),
  endSession: (id: string) => request("DELETE", `/api/auth/sessions/${at(id)}`),
};
