// One polite live region for the whole page: what a screen reader hears without being asked.
import { signal } from "@preact/signals";

const spoken = signal("");

export function announce(text: string) {
  // The same words again would not be a change.
  spoken.value = text === spoken.peek() ? `${text}\u00a0` : text;
}

export const LiveRegion = () => (
  <div class="visually-hidden" role="status">
    {spoken}
  </div>
);
