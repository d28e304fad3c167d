import { at } from "../api";
import type { Attached } from "../state/attached";
import { AttachedItem } from "./AttachedItem";

interface ImageProps {
  one: Attached;
  /** Of a message that is being written. */
  onRemove?: () => void;
}

/** A picture that goes with a message, small; large when it is asked for. */
export function AttachedImage({ one, onRemove }: ImageProps) {
  const { id, width, height } = one.image!;
  const picture = (
    <img src={`/api/images/${at(id)}`} alt={one.name} width={width} height={height} />
  );
  return (
    <AttachedItem
      name={one.name}
      class={`picture ${onRemove ? "small" : ""}`}
      title={one.name}
      face={picture}
      whole={picture}
      onRemove={onRemove}
    />
  );
}
