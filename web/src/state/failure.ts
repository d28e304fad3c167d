import { t } from "../language/t";
import { ApiError } from "../api";
import { warn } from "../ui/toasts";

/** Says why something did not work, wherever in the page that was, and offers to try it again. */
export function complain(error: unknown, again?: () => unknown) {
  // Asking to sign in says it already.
  if (error instanceof ApiError && error.code === "not_signed_in") return;
  const text = error instanceof Error ? error.message : t("Something went wrong. Try again.");
  warn(text, again && { label: t("Try again"), run: again });
}

/** Runs it; where it does not work, says so. Whether it did. */
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    complain(error, () => attempt(run));
    return false;
  }
}
