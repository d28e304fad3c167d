// What is copied of a formula is its LaTeX: the letters of the drawn one, one after the other, say nothing.

/** The text of a selection as the browser would give it, with sources in the places of formulas. */
function withSources(selected: DocumentFragment): string {
  for (const formula of selected.querySelectorAll<HTMLElement>("[data-tex]"))
    formula.replaceChildren(formula.dataset.tex!);
  const box = document.createElement("div");
  box.className = "visually-hidden formulas-copied";
  box.append(selected);
  document.body.append(box);
  const text = box.innerText;
  box.remove();
  return text;
}

const drawnAround = (node: Node) => {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest("[data-tex]") ?? null;
};

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed || !event.clipboardData) return;
  const range = selection.getRangeAt(0).cloneRange();
  // Half a formula has no source.
  const first = drawnAround(range.startContainer);
  const last = drawnAround(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const selected = range.cloneContents();
  if (!selected.querySelector("[data-tex]")) return;
  event.clipboardData.setData("text/plain", withSources(selected));
  event.preventDefault();
});
