/** For a button that goes with what it belongs to: the keyboard stays in the view. */
export function focusMain() {
  document.getElementById("main")?.focus({ preventScroll: true });
}
