import { t } from "../language/t";
import type { Answer } from "../types";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";

interface EndingProps {
  answer: Answer;
  empty: boolean;
  disabled: boolean;
  /** Absent: more was said after it. */
  onContinue?: () => void;
}

/** Says why an answer is not whole, and offers the way on. Nothing for a whole one. */
export function AnswerEnding({ answer, empty, disabled, onContinue }: EndingProps) {
  const { status, error, finish_reason } = answer;
  const cut = status === "done" && finish_reason === "length";
  if (status === "done" && !cut) {
    return empty ? <p class="hint">{t("The model had nothing to say.")}</p> : null;
  }
  const broken = status === "failed" || status === "interrupted";
  const why =
    (error && t(error.detail)) ??
    (cut ? t("The answer reached the model's length limit.") : t("You stopped this answer."));
  return (
    <div class={`ending ${broken ? "broken" : ""}`}>
      {broken && <Icon name="alert" />}
      <p>{why}</p>
      {onContinue && (
        <Button disabled={disabled} onClick={onContinue}>
          {empty ? t("Try again") : t("Continue")}
        </Button>
      )}
    </div>
  );
}
