// The requests of the palette; apart from the others, because a first visit makes none of them.
import { at, query, read } from "../api";
import type { Conversation, FoundMessage, Hits, Page } from "../types";

export const findApi = {
  conversations: (words: string, limit: number, signal: AbortSignal) =>
    read<Page<Conversation>>(`/api/conversations${query({ words, limit })}`, signal),
  messages: (words: string, limit: number, signal: AbortSignal) =>
    read<Page<FoundMessage>>(`/api/messages${query({ words, limit })}`, signal),
  within: (id: string, words: string, signal: AbortSignal) =>
    read<Hits[]>(`/api/conversations/${at(id)}/found${query({ words })}`, signal),
};
