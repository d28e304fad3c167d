import { useEffect } from "preact/hooks";
import { t } from "../language/t";
import { reload } from "../state/chat";
import { loadConversations } from "../state/conversations";
import { Dialog } from "../ui/Dialog";
import { SignInForm } from "./SignInForm";

/** Over the page, so that nothing on screen and nothing unsent is lost. */
export function SignInAgain() {
  // Gone means signed in: take up what was interrupted.
  useEffect(
    () => () => {
      void reload();
      void loadConversations();
    },
    [],
  );
  return (
    <Dialog title={t("Please sign in again")} dismissible={false} onClose={() => {}}>
      <p>{t("Your session has ended. Nothing on this page is lost.")}</p>
      <SignInForm />
    </Dialog>
  );
}
