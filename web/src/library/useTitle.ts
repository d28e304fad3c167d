import { useEffect } from "preact/hooks";

export function useTitle(name: string) {
  useEffect(() => {
    document.title = `${name} – Gantry Edge`;
  }, [name]);
}
