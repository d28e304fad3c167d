import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { moment } from "../language/formats";
import { rich } from "../language/rich";
import { plural, t } from "../language/t";
import { Back } from "./Back";
import { PageHeader } from "../shell/PageHeader";
import { bringBack, deleteConversation, moved } from "../state/order";
import type { Conversation } from "../types";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { DeleteDialog } from "../ui/DeleteDialog";
import { focusMain } from "../ui/focusMain";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import "./sheet.css";

const PAGE = 50;

/** What is archived and what was thrown away, and the way back from both. */
export function PutAwayView() {
  return (
    <div class="view">
      <PageHeader title={t("Archived and deleted")} />
      <div class="view-scroll">
        <div class="settings-body">
          <Back />
          <Shelf place="archived" name={t("Archived")}>
            {t("Out of the list, and still found by the search. Going on with one brings it back.")}
          </Shelf>
          <Shelf place="trash" name={t("Trash")}>
            {t("Deleted for good 30 days after they came here.")}
          </Shelf>
        </div>
      </div>
    </div>
  );
}

interface ShelfProps {
  place: "archived" | "trash";
  name: string;
  children: string;
}

function Shelf({ place, name, children }: ShelfProps) {
  const [items, setItems] = useState<Conversation[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<Conversation[]>([]);
  const load = useAction(async (before: string | null) => {
    const page = await api.conversations(before, PAGE, { place });
    setItems([...(before ? (items ?? []) : []), ...page.items]);
    setNext(page.next);
  });
  const back = useAction(async (one: Conversation) => {
    await bringBack(one);
    drop(one);
    announce(t("{title} is back", { title: one.title }));
    focusMain();
  });
  const drop = ({ id }: Conversation) => setItems((all) => all!.filter((one) => one.id !== id));
  useEffect(() => void load.run(null), [moved.value]);

  const remove = async () => {
    for (const one of doomed) {
      await deleteConversation(one.id);
      drop(one);
    }
    setDoomed([]);
    announce(t("Deleted for good"));
    if (next) await load.run(null);
    focusMain();
  };

  const error = load.error ?? back.error;
  return (
    <section aria-labelledby={place}>
      <h2 id={place}>{name}</h2>
      <p class="hint">{items?.length === 0 ? t("Nothing is here.") : children}</p>
      {error && <Notice>{error}</Notice>}
      <ul class="rows">
        {items?.map((one) => (
          <li key={one.id}>
            <div>
              <a href={`/c/${one.id}`}>{one.title}</a>
              <p class="hint">{t("last used {when}", { when: moment(one.updated_at) })}</p>
            </div>
            <div class="dialog-buttons">
              <Button
                aria-label={t("Restore {title}", { title: one.title })}
                onClick={() => void back.run(one)}
              >
                {t("Restore")}
              </Button>
              {place === "trash" && (
                <Button
                  aria-label={t("Delete {title} for good", { title: one.title })}
                  onClick={() => setDoomed([one])}
                >
                  {t("Delete")}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {next && (
        <Button busy={load.busy} onClick={() => void load.run(next)}>
          {t("Show more")}
        </Button>
      )}
      {place === "trash" && !next && (items?.length ?? 0) > 1 && (
        <Button onClick={() => setDoomed(items!)}>{t("Empty the trash")}</Button>
      )}
      {doomed.length > 0 && (
        <DeleteDialog
          title={doomed.length === 1 ? t("Delete this conversation?") : t("Empty the trash?")}
          onDelete={remove}
          onClose={() => setDoomed([])}
        >
          {rich("{what} and all messages will be gone for good, and what was remembered of them.", {
            what:
              doomed.length === 1 ? (
                <strong>{doomed[0]!.title}</strong>
              ) : (
                plural(doomed.length, "{n} conversation", "{n} conversations")
              ),
          })}
        </DeleteDialog>
      )}
    </section>
  );
}
