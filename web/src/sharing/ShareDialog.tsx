import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { msg, plural, t } from "../language/t";
import { sharingApi } from "../sharingApi";
import type { Reader, SharedKind, Sharing } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Notice } from "../ui/Notice";
import { SearchBox } from "../ui/SearchBox";
import { useAction } from "../ui/useAction";
import "../settings/sheet.css";

const SHOWN = 6;
const PAUSE = 200;

const meaning: Record<SharedKind, string> = {
  conversation: msg(
    "They read what is on your screen here, also what comes later, and change nothing. Attachments are shown by name only, as are sources they may not read; memories and thoughts are not shown.",
  ),
  collection: msg(
    "They read and search its documents and ask about them, also those you add later. Only you change it.",
  ),
  persona: msg(
    "They use it in conversations of their own and see its instructions. Its collections come along only for whom you share these with, too.",
  ),
};

interface ShareProps {
  id: string;
  kind: SharedKind;
  name: string;
  onClose: () => void;
}

export function ShareDialog({ id, kind, name, onClose }: ShareProps) {
  const [sharing, setSharing] = useState<Sharing | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const load = useAction(async () => setSharing(await sharingApi.sharing(id)));
  const change = useAction(async (work: () => Promise<unknown>, said: string) => {
    await work();
    await load.run();
    announce(said);
    // The button is gone: the keyboard goes on at what it changed.
    heading.current?.focus();
  });
  useEffect(() => void load.run(), []);

  const readers = sharing?.readers ?? [];
  const error = load.error ?? change.error;
  return (
    <Dialog title={t("Share “{name}”", { name })} onClose={onClose}>
      <div class="stack">
        <p>{t(meaning[kind])}</p>
        {error && <Notice>{error}</Notice>}
        <Choosing
          taken={readers}
          onShare={(one) =>
            void change.run(
              () => sharingApi.share(id, one.id),
              t("{name} can read it now", { name: one.name }),
            )
          }
        />
        <section>
          <h3 ref={heading} tabIndex={-1}>
            {t("Who can read it")}
          </h3>
          {sharing && !readers.length && <p class="hint">{t("Only you.")}</p>}
          <ul class="rows">
            {readers.map((one) => (
              <Row key={one.id} reader={one}>
                <Button
                  aria-label={t("Stop sharing with {name}", { name: one.name })}
                  onClick={() =>
                    void change.run(
                      () => sharingApi.unshare(id, one.id),
                      t("{name} can no longer read it", { name: one.name }),
                    )
                  }
                >
                  {t("Stop sharing")}
                </Button>
              </Row>
            ))}
          </ul>
        </section>
        <div class="dialog-buttons">
          <Button look="primary" onClick={onClose}>
            {t("Done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

interface ChoosingProps {
  taken: Reader[];
  onShare: (one: Reader) => void;
}

/** A few at first, and who is looked for. */
function Choosing({ taken, onShare }: ChoosingProps) {
  const [words, setWords] = useState("");
  const [found, setFound] = useState<Reader[] | null>(null);
  const look = useAction(async (wanted: string) =>
    setFound(await sharingApi.readers(wanted, SHOWN + taken.length)),
  );
  useEffect(() => {
    const timer = setTimeout(() => void look.run(words.trim()), found ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [words, taken.length]);
  const others = found?.filter((one) => !taken.some(({ id }) => id === one.id)) ?? [];
  return (
    <div>
      <SearchBox
        label={t("Find people and groups")}
        maxLength={200}
        value={words}
        onSearch={setWords}
      />
      {look.error && <Notice>{look.error}</Notice>}
      {found && !(words.trim() ? found : others).length && (
        <p class="hint">
          {words.trim() ? t("Nobody by that name.") : t("There is nobody else to share with.")}
        </p>
      )}
      <ul class="rows">
        {others.slice(0, SHOWN).map((one) => (
          <Row key={one.id} reader={one}>
            <Button
              aria-label={t("Share with {name}", { name: one.name })}
              onClick={() => onShare(one)}
            >
              {t("Share")}
            </Button>
          </Row>
        ))}
      </ul>
    </div>
  );
}

function Row({ reader, children }: { reader: Reader; children: ComponentChildren }) {
  const { kind, name, account, members } = reader;
  const hint =
    kind === "group" ? plural(members, "Group, {n} member", "Group, {n} members") : account;
  return (
    <li>
      <div class="gist">
        <strong dir="auto">{name}</strong>
        {hint !== name && <p class="hint">{hint}</p>}
      </div>
      {children}
    </li>
  );
}
