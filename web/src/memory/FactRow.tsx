import { useEffect, useRef, useState } from "preact/hooks";
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
    if (words && words !== text) await change({ text: words }, "Changed");
  };
  const forget = () => {
    forgetSoon(fact);
    announce("Forgotten. This can be undone for ten seconds.");
  };

  if (gone) {
    return (
      <li ref={row} class="gone">
        <p>
          Forgotten: <s>{text}</s>
        </p>
        <Button
          aria-label={`Undo forgetting “${text}”`}
          onClick={() => {
            keepAfterAll(fact);
            stay("button");
          }}
        >
          Undo
        </Button>
      </li>
    );
  }
  const items: MenuItem[] = [{ label: "Edit", icon: "edit", run: () => setEditing(true) }];
  if (valid_to !== null) {
    items.push({
      label: "True again",
      icon: "again",
      run: () => void change({ ended: false }, "It counts again"),
    });
  } else if (status !== "suggested") {
    items.push(
      status === "pinned"
        ? {
            label: "Unpin",
            icon: "pin",
            run: () => void change({ status: "approved" }, "No longer pinned"),
          }
        : { label: "Pin", icon: "pin", run: () => void change({ status: "pinned" }, "Pinned") },
      {
        label: "No longer true",
        icon: "close",
        run: () => void change({ ended: true }, "Kept as history"),
      },
    );
  }
  if (status !== "suggested")
    items.push({ label: "Forget", icon: "trash", danger: true, run: forget });
  return (
    <li ref={row} aria-label={text}>
      <div>
        {editing ? (
          <RenameField
            label="The fact in your words"
            maxLength={LONGEST}
            name={text}
            onDone={(wanted) => void edit(wanted)}
          />
        ) : (
          <p>
            {text}
            {status === "pinned" && <span class="tag">Pinned</span>}
          </p>
        )}
        <Origin fact={fact} />
      </div>
      <span class="dialog-buttons">
        {status === "suggested" && (
          <>
            <Button
              look="primary"
              aria-label={`Approve “${text}”`}
              onClick={() => void change({ status: "approved" }, "Approved")}
            >
              Approve
            </Button>
            <Button aria-label={`Not true: “${text}”`} onClick={forget}>
              Not true
            </Button>
          </>
        )}
        <Menu label={`More for “${text}”`} items={items} />
      </span>
    </li>
  );
}

/** Until when it was so, and each sentence that says it. */
function Origin({ fact }: { fact: Fact }) {
  const { valid_to, sources } = fact;
  return (
    <>
      {valid_to !== null && <p class="hint">Until {day(valid_to)}</p>}
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
      {!sources.length && <p class="hint">In your words</p>}
    </>
  );
}
