import { useEffect } from "preact/hooks";
import { AuditTrail } from "../people/AuditTrail";
import { loadPeople } from "../state/people";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

/** The trail names people by their ids: who they are is read first. */
export function AuditPage() {
  const { run, error } = useAction(loadPeople);
  useEffect(() => void run(), []);
  return (
    <>
      {error && <Notice>{error}</Notice>}
      <AuditTrail />
    </>
  );
}
