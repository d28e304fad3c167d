import { percent, size } from "../language/formats";
import { msg, t } from "../language/t";
import { cancelUpload, resting, retryUpload, type Upload } from "../state/uploads";
import { Button, IconButton } from "../ui/Button";
import { focusMain } from "../ui/focusMain";
import { Icon } from "../ui/Icon";

const OFFLINE = msg("The server cannot be reached. It will be tried again.");

/** All sent is not yet taken: the server answers when it has the whole file. */
const sendingText = (share: number) =>
  share < 1 ? t("Uploading, {percent}", { percent: percent(share) }) : t("Uploaded, being stored");

export function UploadRow({ upload }: { upload: Upload }) {
  const { key, file, state, sent, error } = upload;
  const { name } = file;
  const share = file.size ? sent / file.size : 0;
  return (
    <li class="document upload">
      <div class="document-main">
        <span class="document-name">{name}</span>
        <p class="hint">{size(file.size)}</p>
        {state === "failed" ? (
          <p class="reason" role="alert">
            <Icon name="alert" /> {error}
          </p>
        ) : (
          <p class="progress">
            {state === "sending" && (
              <progress aria-label={t("Upload of {name}", { name })} value={share} />
            )}
            <span class="hint">
              {state === "sending" ? sendingText(share) : resting.value ? t(OFFLINE) : t("Waiting")}
            </span>
          </p>
        )}
      </div>
      {state === "failed" && (
        <Button aria-label={t("Try {name} again", { name })} onClick={() => retryUpload(key)}>
          {t("Try again")}
        </Button>
      )}
      <IconButton
        icon="close"
        label={state === "failed" ? t("Dismiss {name}", { name }) : t("Cancel {name}", { name })}
        onClick={() => (cancelUpload(key), focusMain())}
      />
    </li>
  );
}
