import { t } from "../language/t";
import { Button } from "./Button";
import { Notice } from "./Notice";

interface FormEndProps {
  action: string;
  look?: "primary" | "danger";
  busy: boolean;
  error: string | null;
  onClose: () => void;
}

/** What went wrong, and the two ways out of a form. */
export function FormEnd({ action, look = "primary", busy, error, onClose }: FormEndProps) {
  return (
    <>
      {error && <Notice>{error}</Notice>}
      <div class="dialog-buttons">
        <Button onClick={onClose}>{t("Cancel")}</Button>
        <Button type="submit" look={look} busy={busy}>
          {action}
        </Button>
      </div>
    </>
  );
}
