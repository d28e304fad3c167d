// What is said in passing, with a way to answer. Kept apart from how it looks, which is loaded with the first one.
import { signal } from "@preact/signals";
import { announce } from "./announce";

export interface ToastAction {
  label: string;
  run: () => unknown;
}

export interface Toast {
  /** One of the same key takes its place. */
  key: string;
  text: string;
  failed: boolean;
  action?: ToastAction;
}

const MOST = 3;

export const toasts = signal<Toast[]>([]);

function add(toast: Toast) {
  const others = toasts.peek().filter((one) => one.key !== toast.key);
  toasts.value = [...others, toast].slice(-MOST);
}

let count = 0;

/** It is done, and can be taken back. */
export function offer(text: string, action?: ToastAction) {
  announce(text);
  add({ key: `done-${++count}`, text, failed: false, action });
}

/** It did not work, and may another time. */
export const warn = (text: string, action?: ToastAction) =>
  add({ key: text, text, failed: true, action });

export function dismiss(toast: Toast) {
  toasts.value = toasts.peek().filter((one) => one !== toast);
}
