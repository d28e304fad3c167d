import { ApiError } from "../api";
import { t } from "../language/t";
import { warn } from "./toasts";

/** For what a view loads beside its main matter: a refusal is told, with a way to try again. */
export const tried = (load: () => Promise<unknown>): Promise<void> =>
  load().then(
    () => {},
    (error: unknown) => {
      // That the server is away, or wants a password, the page says by itself.
      if (!(error instanceof ApiError) || error.code === "not_signed_in") return;
      warn(error.message, { label: t("Try again"), run: () => void tried(load) });
    },
  );
