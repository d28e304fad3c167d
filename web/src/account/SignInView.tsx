import { AccountPage } from "./AccountPage";
import { SignInForm } from "./SignInForm";

export const SignInView = () => (
  <AccountPage title="Sign in">
    <SignInForm />
  </AccountPage>
);
