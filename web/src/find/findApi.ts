// The requests of the palette; apart from the others, because a first visit makes none of them.
import { query, read } from "../api";
import type { Conversation, FoundMessage, Page } from "../types";

export const findApi = {
  conversations: (words: string, limit: number, signal: AbortSignal) =>
    read<Page<Conversation>>(`/api/conversations${query({ words, limit })}`, signal),
  messages: (words: string, limit: number, signal: AbortSignal) =>
    read<Page<FoundMessage>>(`/api/messages${query({ words, limit })}`, signal),
};
