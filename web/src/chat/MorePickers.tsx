import { AttachPicker } from "./AttachPicker";
import { MemoryPicker } from "./MemoryPicker";
import { ScopePicker } from "./ScopePicker";
import { TemporaryPicker } from "./TemporaryPicker";

/** What most conversations leave as it is. */
export function MorePickers() {
  return (
    <>
      <AttachPicker />
      <ScopePicker />
      <MemoryPicker />
      <TemporaryPicker />
    </>
  );
}
