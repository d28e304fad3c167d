import { MemoryPicker } from "./MemoryPicker";
import { ScopePicker } from "./ScopePicker";

/** What most conversations leave as it is. */
export function MorePickers() {
  return (
    <>
      <ScopePicker />
      <MemoryPicker />
    </>
  );
}
