import { path } from "../state/route";
import { DocumentView } from "./DocumentView";
import { LibraryView } from "./LibraryView";

export function Library() {
  const id = /^\/library\/([^/]+)/.exec(path.value)?.[1];
  return id ? <DocumentView key={id} id={id} /> : <LibraryView />;
}
