import { msg, t } from "../language/t";
import { conversation, openId, wantedTemporary } from "../state/chat";
import { keep } from "../state/temporary";
import { Icon } from "../ui/Icon";
import { narrow } from "../ui/media";
import { focusMessage } from "./focus";

const WHAT = msg("In no list, not remembered, and deleted when you leave it");

/** Whether a new conversation is to leave nothing behind; one that will can be kept after all. */
export function TemporaryPicker() {
  if (openId.value) {
    if (conversation.value?.place !== "temporary") return null;
    return (
      <button
        type="button"
        class="quiet scope"
        title={t(WHAT)}
        onClick={() => {
          focusMessage();
          void keep();
        }}
      >
        <Icon name="clock" /> {t("Temporary: keep it")}
      </button>
    );
  }
  const on = wantedTemporary.value;
  return (
    <button
      type="button"
      class={`quiet scope ${on ? "" : "none"}`}
      title={t(WHAT)}
      aria-pressed={on}
      onClick={() => (wantedTemporary.value = !on)}
    >
      <Icon name="clock" />{" "}
      <span class={narrow.value && !on ? "visually-hidden" : ""}>{t("Temporary")}</span>
    </button>
  );
}
