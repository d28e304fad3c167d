import { signal } from "@preact/signals";

/** Whether the sidebar covers the page, on narrow screens. */
export const drawerOpen = signal(false);
