import type { ComponentChildren } from "preact";
import { Icon } from "./Icon";

/** Something went wrong, where it went wrong. */
export function Notice({ children }: { children: ComponentChildren }) {
  return (
    <div class="notice" role="alert">
      <Icon name="alert" />
      <div dir="auto">{children}</div>
    </div>
  );
}
