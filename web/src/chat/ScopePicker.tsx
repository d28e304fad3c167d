import { useEffect } from "preact/hooks";
import { t } from "../language/t";
import { openId, scope } from "../state/chat";
import { collections, hasDocuments, recount } from "../state/collections";
import { lookForShared, shared, sharedOf } from "../state/shared";
import { saveScope } from "../state/documentScope";
import { reachOf, scopeName } from "../state/scopes";
import { narrow } from "../ui/media";
import { PanelPicker } from "./PanelPicker";
import { ScopeChoices } from "./ScopeChoices";

/** Which documents the answers draw on. Not there at all for who has none. */
export function ScopePicker() {
  const now = scope.value;
  useEffect(() => void recount(), [openId.value]);
  useEffect(() => void (shared.peek() ?? lookForShared()), []);
  const theirs = sharedOf("collection");
  if (!hasDocuments.value && !theirs.length && !now) return null;
  return (
    <PanelPicker
      icon="library"
      title={t("Documents to answer from")}
      of={t("Answer from:")}
      name={scopeName(now, [...(collections.value ?? []), ...theirs])}
      look={reachOf(now)}
      brief={narrow.value && reachOf(now) === "none"}
      onClose={() => void saveScope()}
    >
      <ScopeChoices />
    </PanelPicker>
  );
}
