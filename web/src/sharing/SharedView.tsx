import { useEffect } from "preact/hooks";
import { moment } from "../language/formats";
import { t } from "../language/t";
import { PageHeader } from "../shell/PageHeader";
import { path } from "../state/route";
import { loadShared, shared, sharedOf } from "../state/shared";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { SharedConversation } from "./SharedConversation";
import "../settings/sheet.css";

/** Conversations that others share. */
export function SharedView() {
  const id = /^\/shared\/([^/]+)/.exec(path.value)?.[1];
  return id ? <SharedConversation key={id} id={id} /> : <List />;
}

function List() {
  const loading = useAction(loadShared);
  useEffect(() => void loading.run(), []);
  const list = sharedOf("conversation");
  return (
    <div class="view">
      <PageHeader title={t("Shared with you")} />
      <div class="view-scroll">
        <div class="settings-body">
          <section>
            <p class="hint">
              {t("Conversations of others, to read. You can go on with one in a copy of your own.")}
            </p>
            {loading.error && <Notice>{loading.error}</Notice>}
            {shared.value && !list.length && <p>{t("Nobody shares a conversation with you.")}</p>}
            <ul class="rows">
              {list.map((one) => (
                <li key={one.id}>
                  <div class="gist">
                    <a href={`/shared/${one.id}`} dir="auto">
                      {one.name}
                    </a>
                    <p class="hint">
                      {t("By {name}, last used {when}", {
                        name: one.owner,
                        when: moment(one.updated_at),
                      })}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}
