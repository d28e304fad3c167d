import { type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";

/** A component in a chunk of its own, asked for when first shown. */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Waiting: ComponentType<P>,
) {
  const loaded: Signal<ComponentType<P> | null> = signal(null);
  let asked = false;
  const ask = () => {
    if (asked) return;
    asked = true;
    load().then(
      (component) => (loaded.value = component),
      // Offline, or replaced by an update of the appliance: the next showing asks again.
      () => (asked = false),
    );
  };
  const Lazy = (props: P) => {
    const Loaded = loaded.value;
    if (!Loaded) ask();
    return Loaded ? <Loaded {...props} /> : <Waiting {...props} />;
  };
  return Object.assign(Lazy, { preload: ask });
}
