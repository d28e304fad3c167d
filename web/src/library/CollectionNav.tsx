import { useEffect, useRef, useState } from "preact/hooks";
import { number, t } from "../language/t";
import { collectionAddress } from "../state/addresses";
import { addCollection, collections } from "../state/collections";
import { sharedOf } from "../state/shared";
import { go } from "../state/route";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";

export function CollectionNav({ current }: { current: string | null }) {
  const [adding, setAdding] = useState(false);
  const list = collections.value ?? [];
  const total = collections.value && list.reduce((sum, one) => sum + one.documents, 0);
  return (
    <nav class="collections" aria-label={t("Collections")}>
      <ul class="collection-list">
        <Place id={null} name={t("All documents")} count={total} current={current} />
        {list.map((one) => (
          <Place key={one.id} id={one.id} name={one.name} count={one.documents} current={current} />
        ))}
        {sharedOf("collection").map(({ id, name, owner }) => (
          <Place key={id} id={id} name={name} owner={owner} count={null} current={current} />
        ))}
        <li>
          <button type="button" class="quiet nav-link collection" onClick={() => setAdding(true)}>
            <Icon name="plus" /> {t("New collection")}
          </button>
        </li>
      </ul>
      {adding && <NewCollection onClose={() => setAdding(false)} />}
    </nav>
  );
}

interface PlaceProps {
  id: string | null;
  name: string;
  /** Null: not known. */
  count: number | null;
  /** Of somebody else who shares it. */
  owner?: string;
  current: string | null;
}

function Place({ id, name, count, owner, current }: PlaceProps) {
  const link = useRef<HTMLAnchorElement>(null);
  const here = id === current;
  // On narrow screens they are a row that scrolls.
  useEffect(() => {
    if (here) link.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  return (
    <li>
      <a
        ref={link}
        class="nav-link collection"
        href={collectionAddress(id)}
        title={owner ? t("{name}, shared by {owner}", { name, owner }) : name}
        aria-current={here ? "page" : undefined}
      >
        <span>{name}</span>{" "}
        <span class="hint">{owner ?? (count === null ? "" : number(count))}</span>
      </a>
    </li>
  );
}

function NewCollection({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const { run, busy, error } = useAction(async () => {
    const added = await addCollection(name.trim());
    announce(t("Collection created"));
    onClose();
    go(collectionAddress(added.id));
  });
  return (
    <Dialog title={t("New collection")} onClose={onClose}>
      <form
        class="library-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) void run();
        }}
      >
        <Field label={t("Name")} autoFocus maxLength={200} value={name} onChange={setName} />
        {error && <Notice>{error}</Notice>}
        <div class="dialog-buttons">
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {t("Create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
