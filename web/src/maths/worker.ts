import { typeset } from "./typeset";

export interface Job {
  id: number;
  source: string;
  display: boolean;
}

addEventListener("message", ({ data }: MessageEvent<Job>) => {
  postMessage({ id: data.id, result: typeset(data.source, data.display) });
});
