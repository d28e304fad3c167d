import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { moment } from "../language/formats";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { Back } from "./Back";
import { PageHeader } from "../shell/PageHeader";
import { bringBack, deleteConversation, emptyTrash, moved } from "../state/order";
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
  const [doomed, setDoomed] = useState<Conversation | "all" | null>(null);
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
    if (doomed === "all") await emptyTrash();
    else await deleteConversation(doomed!.id);
    setDoomed(null);
    announce(t("Deleted for good"));
    if (doomed === "all") await load.run(null);
    else drop(doomed!);
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
                  onClick={() => setDoomed(one)}
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
      {place === "trash" && (items?.length ?? 0) > 1 && (
        <Button onClick={() => setDoomed("all")}>{t("Empty the trash")}</Button>
      )}
      {doomed && (
        <DeleteDialog
          title={doomed === "all" ? t("Empty the trash?") : t("Delete this conversation?")}
          onDelete={remove}
          onClose={() => setDoomed(null)}
        >
          {doomed === "all"
            ? t("All conversations in it will be gone for good, and what was remembered of them.")
            : rich(
                "{what} and all messages will be gone for good, and what was remembered of them.",
                {
                  what: <strong>{doomed.title}</strong>,
                },
              )}
        </DeleteDialog>
      )}
    </section>
  );
}
