import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import {
  asking,
  chatState,
  conversation,
  openId,
  problem,
  running,
  tell,
  wantedTemporary,
} from "../state/chat";
import { attached } from "../state/attached";
import { keepDraft, readDraft } from "../state/drafts";
import { unreached } from "../state/session";
import { reconnecting } from "../state/stream";
import { IconButton } from "../ui/Button";
import { narrow } from "../ui/media";
import { Notice } from "../ui/Notice";
import { GrowingTextarea } from "./GrowingTextarea";
import { ModelPicker } from "./ModelPicker";
import { lazy } from "../ui/lazy";
import { suggestion } from "./suggestion";
import "./composer.css";
import "./scope.css";

const Blank = () => null;
const MorePickers = lazy(() => import("./MorePickers").then((m) => m.MorePickers), Blank);
const ComposerMore = lazy(() => import("./ComposerMore").then((m) => m.ComposerMore), Blank);
const PersonaPicker = lazy(() => import("./PersonaPicker").then((m) => m.PersonaPicker), Blank);
const DOUBLE_CLICK = 400;

export function Composer() {
  const id = openId.value;
  const [text, setText] = useState(() => readDraft(id));
  const area = useRef<HTMLTextAreaElement>(null);
  /** On its way: its draft is kept until the server has taken it. */
  const sending = useRef<string | null>(null);
  /** What was sent meanwhile follows it, if nothing more was written. */
  const again = useRef<string | null>(null);
  const stopped = useRef(0);
  const latest = useRef(text);
  latest.current = text;

  const temporary = id ? conversation.value?.place === "temporary" : wantedTemporary.value;
  const keep = (place: string | null, value: string) => keepDraft(place, temporary ? "" : value);

  const write = (value: string) => {
    setText(value);
    if (!sending.current) keep(id, value);
  };

  useEffect(() => {
    if (temporary) keepDraft(id, "");
  }, [temporary]);

  useEffect(() => {
    // Not after the first send: the conversation got its id under our hands.
    if (!sending.current) setText(readDraft(id));
    const here = area.current?.form?.contains(document.activeElement);
    if (!narrow.peek() && !here) area.current?.focus();
  }, [id]);

  useEffect(() => {
    if (suggestion.value === null) return;
    if (!text) write(suggestion.value);
    suggestion.value = null;
    area.current?.focus();
  }, [suggestion.value]);

  const submit = async () => {
    const content = latest.current;
    const files = attached.peek();
    // Without the messages before it, it would begin the conversation anew.
    const ready = chatState.peek() === "ready";
    if (!(content.trim() || files.length) || !ready) return;
    again.current = sending.current === null ? null : content;
    if (again.current !== null) return;
    const place = openId.peek();
    sending.current = content;
    setText("");
    attached.value = [];
    const accepted = await asking().then((a) => a.say(content, files), tell);
    sending.current = null;
    const now = openId.peek();
    if (accepted) {
      keepDraft(place, "");
      keep(now, latest.current);
      if (again.current === latest.current) void submit();
    } else if (now === place) {
      // What was typed meanwhile stays too.
      const both = [content, latest.current].filter(Boolean).join("\n\n");
      setText(both);
      attached.value = [...files, ...attached.peek()];
      keep(place, both);
    }
  };

  const something = text.trim() !== "" || attached.value.length > 0;
  return (
    <form
      class="composer"
      aria-label={t("Message")}
      onSubmit={(event) => {
        event.preventDefault();
        // The second click on Stop lands on Send.
        if (Date.now() - stopped.current > DOUBLE_CLICK) void submit();
      }}
    >
      {problem.value && (
        <Problem
          text={problem.value}
          onDismiss={() => {
            problem.value = null;
            area.current?.focus();
          }}
        />
      )}
      {reconnecting.value && !unreached.value && (
        <p class="hint connection">{t("Connection lost. Reconnecting…")}</p>
      )}
      <div class="composer-box">
        <ComposerMore pen={{ area, text, write }} />
        <GrowingTextarea
          area={area}
          label={t("Message")}
          placeholder={t("Ask anything")}
          value={text}
          onChange={write}
          onEnter={() => void submit()}
        />
        <div class="composer-foot">
          <div class="pickers">
            <PersonaPicker />
            <ModelPicker />
            <MorePickers />
          </div>
          {running.value && (
            <IconButton
              key="stop"
              icon="stop"
              label={t("Stop")}
              class="go"
              onClick={() => {
                stopped.current = Date.now();
                if (!narrow.peek()) area.current?.focus();
                void asking().then((a) => a.stop(), tell);
              }}
            />
          )}
          {(!running.value || something) && (
            <IconButton
              key="send"
              icon="send"
              label={running.value ? t("Queue") : t("Send")}
              class="go"
              type="submit"
              disabled={!something || chatState.value !== "ready"}
            />
          )}
        </div>
      </div>
    </form>
  );
}

function Problem({ text, onDismiss }: { text: string; onDismiss: () => void }) {
  return (
    <Notice>
      {text}
      <IconButton icon="close" label={t("Dismiss")} onClick={onDismiss} />
    </Notice>
  );
}
