import { type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../language/t";
import { Button } from "./Button";

const Broken = () => (
  <div class="notice-page">
    <p>{t("This part of the page could not be loaded.")}</p>
    <Button onClick={() => location.reload()}>{t("Reload")}</Button>
  </div>
);

/** A component in a chunk of its own, asked for once it is first shown. */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Waiting: ComponentType<P>,
  Failed: ComponentType<P> = Broken,
) {
  const loaded: Signal<ComponentType<P> | null> = signal(null);
  const failed = signal(false);
  let asked = false;
  const ask = () => {
    if (asked) return;
    asked = true;
    load().then(
      (component) => (loaded.value = component),
      // Offline, or replaced by an update of the appliance: the next showing asks again.
      () => {
        asked = false;
        failed.value = true;
      },
    );
  };
  const Lazy = (props: P) => {
    const Loaded = loaded.value;
    // After what is there is painted: asking for files takes longer than drawing the page.
    useEffect(ask, []);
    const View = Loaded ?? (failed.value ? Failed : Waiting);
    return <View {...props} />;
  };
  return Object.assign(Lazy, { preload: ask });
}
