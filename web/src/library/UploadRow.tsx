import { cancelUpload, resting, retryUpload, type Upload } from "../state/uploads";
import { Button, IconButton } from "../ui/Button";
import { focusMain } from "../ui/focusMain";
import { Icon } from "../ui/Icon";
import { sizeText } from "./status";

const OFFLINE = "The server cannot be reached. It will be tried again.";

/** All sent is not yet taken: the server answers when it has the whole file. */
const sendingText = (share: number) =>
  share < 1 ? `Uploading, ${Math.floor(share * 100)} %` : "Uploaded, being stored";

export function UploadRow({ upload }: { upload: Upload }) {
  const { key, file, state, sent, error } = upload;
  const share = file.size ? sent / file.size : 0;
  return (
    <li class="document upload">
      <div class="document-main">
        <span class="document-name">{file.name}</span>
        <p class="hint">{sizeText(file.size)}</p>
        {state === "failed" ? (
          <p class="reason" role="alert">
            <Icon name="alert" /> {error}
          </p>
        ) : (
          <p class="progress">
            {state === "sending" && (
              <progress aria-label={`Upload of ${file.name}`} value={share} />
            )}
            <span class="hint">
              {state === "sending" ? sendingText(share) : resting.value ? OFFLINE : "Waiting"}
            </span>
          </p>
        )}
      </div>
      {state === "failed" && (
        <Button aria-label={`Try ${file.name} again`} onClick={() => retryUpload(key)}>
          Try again
        </Button>
      )}
      <IconButton
        icon="close"
        label={state === "failed" ? `Dismiss ${file.name}` : `Cancel ${file.name}`}
        onClick={() => (cancelUpload(key), focusMain())}
      />
    </li>
  );
}
