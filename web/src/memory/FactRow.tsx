import { useEffect, useRef, useState } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { changeFact, factsProblem, forgetSoon, keepAfterAll, leaving } from "../state/facts";
import type { Fact } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { focusMain } from "../ui/focusMain";
import { Menu, type MenuItem } from "../ui/Menu";
import { RenameField } from "../ui/RenameField";
import { day, SourceLink } from "./SourceLink";

const LONGEST = 500;

export function FactRow({ fact }: { fact: Fact }) {
  const { id, text, status, valid_to } = fact;
  const [editing, setEditing] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const gone = leaving.value.has(id);

  // What had the focus has gone from the row: it stays in its place.
  const stay = (selector: string) =>
    requestAnimationFrame(() => row.current?.querySelector<HTMLElement>(selector)?.focus());
  useEffect(() => {
    if (gone) stay("button");
  }, [gone]);
  useEffect(() => {
    const here = row.current;
    return () => {
      if (here?.contains(document.activeElement)) focusMain();
    };
  }, []);

  const change = async (to: Parameters<typeof changeFact>[1], said: string) => {
    if (await changeFact(id, to)) announce(said);
  };
  const edit = async (wanted: string) => {
    setEditing(false);
    stay(".menu button");
    const words = wanted.trim();
    if (words && words !== text) await change({ text: words }, t("Changed"));
  };
  const forget = () => {
    forgetSoon(fact);
    announce(t("Forgotten. This can be undone for ten seconds."));
  };

  if (gone) {
    return (
      <li ref={row} class="gone">
        <p>{rich("Forgotten: {text}", { text: <s>{text}</s> })}</p>
        <Button
          aria-label={t("Undo forgetting “{text}”", { text })}
          onClick={() => {
            keepAfterAll(fact);
            stay("button");
          }}
        >
          {t("Undo")}
        </Button>
      </li>
    );
  }
  const items: MenuItem[] = [{ label: t("Edit"), icon: "edit", run: () => setEditing(true) }];
  if (valid_to !== null) {
    items.push({
      label: t("True again"),
      icon: "again",
      run: () => void change({ ended: false }, t("It counts again")),
    });
  } else if (status !== "suggested") {
    items.push(
      status === "pinned"
        ? {
            label: t("Unpin"),
            icon: "pin",
            run: () => void change({ status: "approved" }, t("No longer pinned")),
          }
        : {
            label: t("Pin"),
            icon: "pin",
            run: () => void change({ status: "pinned" }, t("Pinned")),
          },
      {
        label: t("No longer true"),
        icon: "close",
        run: () => void change({ ended: true }, t("Kept as history")),
      },
    );
  }
  if (status !== "suggested")
    items.push({ label: t("Forget"), icon: "trash", danger: true, run: forget });
  return (
    <li ref={row} aria-label={text}>
      <div>
        {editing ? (
          <RenameField
            label={t("The fact in your words")}
            maxLength={LONGEST}
            name={text}
            onDone={(wanted) => void edit(wanted)}
          />
        ) : (
          <p>
            {text}
            {status === "pinned" && <span class="tag">{t("Pinned")}</span>}
          </p>
        )}
        <Origin fact={fact} />
      </div>
      <span class="dialog-buttons">
        {status === "suggested" && (
          <>
            <Button
              look="primary"
              aria-label={t("Approve “{text}”", { text })}
              onClick={() => void change({ status: "approved" }, t("Approved"))}
            >
              {t("Approve")}
            </Button>
            <Button aria-label={t("Not true: “{text}”", { text })} onClick={forget}>
              {t("Not true")}
            </Button>
          </>
        )}
        <Menu label={t("More for “{title}”", { title: text })} items={items} />
      </span>
    </li>
  );
}

/** Until when it was so, and each sentence that says it. */
function Origin({ fact }: { fact: Fact }) {
  const { valid_to, sources } = fact;
  return (
    <>
      {valid_to !== null && <p class="hint">{t("Until {date}", { date: day(valid_to) })}</p>}
      {sources.map((said) => (
        <p key={said.message_id} class="hint">
          <SourceLink
            conversationId={said.conversation_id}
            messageId={said.message_id}
            title={said.conversation_title}
            saidAt={said.said_at}
            words={`“${said.words}”`}
            onProblem={(why) => (factsProblem.value = why)}
          />
        </p>
      ))}
      {!sources.length && <p class="hint">{t("In your words")}</p>}
    </>
  );
}
