import { cancelUpload, retryUpload, type Upload } from "../state/uploads";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { sizeText } from "./status";

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
            <progress
              aria-label={`Upload of ${file.name}`}
              value={state === "sending" ? share : undefined}
            />
            <span class="hint">
              {state === "sending" ? `Uploading, ${Math.floor(share * 100)} %` : "Waiting"}
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
        onClick={() => cancelUpload(key)}
      />
    </li>
  );
}
