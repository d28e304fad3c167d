// What the model saw; apart from the other requests, because a first visit does not ask for it.
import { at, read } from "./api";
import type { Context } from "./types";

export const contextOf = (answerId: string) =>
  read<Context>(`/api/answers/${at(answerId)}/context`);
