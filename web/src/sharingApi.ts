// The requests about who may read what; apart, because a first visit makes none of them.
import { at, query, read, request, send } from "./api";
import type {
  Conversation,
  Group,
  Message,
  Page,
  Reader,
  Shared,
  SharedConversation,
  Sharing,
} from "./types";

const thing = (id: string) => `/api/sharing/${at(id)}`;
const reader = (id: string, reader: string) => `${thing(id)}/${at(reader)}`;
const talk = (id: string) => `/api/shared/conversations/${at(id)}`;
const group = (id: string) => `/api/groups/${at(id)}`;
const member = (id: string, person: string) => `${group(id)}/members/${at(person)}`;

export const sharingApi = {
  shared: (before: string | null) =>
    read<Page<Shared>>(`/api/shared${query({ before, limit: 200 })}`),
  readers: (words: string, limit: number) =>
    read<Reader[]>(`/api/readers${query({ words, limit })}`),
  sharing: (id: string) => read<Sharing>(thing(id)),
  share: (id: string, readerId: string) => send<Sharing>("PUT", reader(id, readerId), {}),
  unshare: (id: string, readerId: string) => request("DELETE", reader(id, readerId)),

  conversation: (id: string) => read<SharedConversation>(talk(id)),
  messages: (id: string, before: string | null) =>
    read<Page<Message>>(`${talk(id)}/messages${query({ before, limit: 50 })}`),
  copy: (id: string) => send<Conversation>("POST", `${talk(id)}/copy`, {}),

  groups: () => read<Group[]>("/api/groups"),
  addGroup: (name: string) => send<Group>("POST", "/api/groups", { name }),
  renameGroup: (id: string, name: string) => send<Group>("PATCH", group(id), { name }),
  deleteGroup: (id: string) => request("DELETE", group(id)),
  members: (id: string) => read<Reader[]>(`${group(id)}/members`),
  addMember: (id: string, person: string) => request("PUT", member(id, person)),
  removeMember: (id: string, person: string) => request("DELETE", member(id, person)),
};
