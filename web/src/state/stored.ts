// Small things kept in this browser. A full or forbidden storage must never stop the page.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`gantry.${key}`);
  } catch {
    return null;
  }
}

export function forget(start: string) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`gantry.${start}`)) localStorage.removeItem(key);
    }
  } catch {
    // Then nothing was kept either.
  }
}

export function keep(key: string, value: string) {
  try {
    if (value) localStorage.setItem(`gantry.${key}`, value);
    else localStorage.removeItem(`gantry.${key}`);
  } catch {
    // Nothing to do: the value lives until the tab closes.
  }
}
