/** What had the focus goes away with the next drawing: it moves to the message that takes its place. */
export function focusMessage(id?: string) {
  requestAnimationFrame(() => {
    const selector = id ? `article[data-id="${id}"]` : "article.last";
    document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  });
}
