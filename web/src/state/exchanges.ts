// What is remembered of earlier conversations.
import { memoryApi } from "../memoryApi";
import type { Exchange } from "../types";
import { paged } from "./paged";

export const exchanges = paged<Exchange>(memoryApi.exchanges);
