/** What had the focus goes away with the next drawing: it moves to the message that takes its place. */
export function focusMessage(id?: string) {
  requestAnimationFrame(() => {
    const message = id && document.querySelector<HTMLElement>(`article[data-id="${id}"]`);
    // Of those far from the view only the last is on the page.
    const last = document.querySelector<HTMLElement>("article.last");
    (message || last)?.focus({ preventScroll: true });
  });
}
