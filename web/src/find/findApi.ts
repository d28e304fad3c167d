// The requests of the palette; apart from the others, because a first visit makes none of them.
import { query, request } from "../api";
import type { Conversation, FoundMessage, Page } from "../types";

const read = async <T>(path: string, signal: AbortSignal): Promise<Page<T>> =>
  (await request("GET", path, { headers: { Accept: "application/json" }, signal })).json();

export const findApi = {
  conversations: (words: string, limit: number, signal: AbortSignal) =>
    read<Conversation>(`/api/conversations${query({ words, limit })}`, signal),
  messages: (words: string, limit: number, signal: AbortSignal) =>
    read<FoundMessage>(`/api/messages${query({ words, limit })}`, signal),
};
