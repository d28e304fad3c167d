import { useEffect, useState } from "preact/hooks";
import { read, send } from "../api";
import { t } from "../language/t";
import type { ChatSettings } from "../types";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

const PLACE = "/api/chat/settings";

export function AnswerSettings() {
  const [settings, setSettings] = useState<ChatSettings | null>(null);
  const load = useAction(async () => setSettings(await read<ChatSettings>(PLACE)));
  const change = useAction(async (reuse_answers: boolean) =>
    setSettings(await send<ChatSettings>("PUT", PLACE, { reuse_answers })),
  );
  useEffect(() => void load.run(), []);
  const error = load.error ?? change.error;
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">{t("Answers")}</h2>
      {error && <Notice>{error}</Notice>}
      {settings && (
        <div class="choices">
          <label>
            <input
              type="checkbox"
              checked={settings.reuse_answers}
              disabled={change.busy}
              aria-describedby="answers-hint"
              onChange={(event) => void change.run(event.currentTarget.checked)}
            />
            {t("Reuse my earlier answers")}
          </label>
        </div>
      )}
      <p id="answers-hint" class="hint">
        {t(
          "When you ask exactly the same again, with the same model, settings and context, you get the answer you got then at once, marked “from cache”. Regenerate asks the model. Nobody else gets your answers, and deleting a conversation ends their use.",
        )}
      </p>
    </section>
  );
}
