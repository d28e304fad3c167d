import { t } from "../language/t";
import { AccountPage } from "./AccountPage";
import { SignInForm } from "./SignInForm";

export const SignInView = () => (
  <AccountPage title={t("Sign in")}>
    <SignInForm />
  </AccountPage>
);
