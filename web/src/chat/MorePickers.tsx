import { AttachPicker } from "./AttachPicker";
import { ComparePicker } from "./ComparePicker";
import { MemoryPicker } from "./MemoryPicker";
import { ScopePicker } from "./ScopePicker";
import { TemporaryPicker } from "./TemporaryPicker";

/** What most conversations leave as it is. */
export function MorePickers() {
  return (
    <>
      <AttachPicker />
      <ComparePicker />
      <ScopePicker />
      <MemoryPicker />
      <TemporaryPicker />
    </>
  );
}
