import { useState } from "preact/hooks";
import { t } from "../language/t";
import { networkApi } from "../networkApi";
import { shown } from "../state/places";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";

const words = (url: string) => (url.startsWith("https:") ? "HTTPS" : "HTTP");

/** As large as the window allows, for a phone across the room. */
export function QrDialog({ urls, onClose }: { urls: string[]; onClose: () => void }) {
  const [url, setUrl] = useState(urls[0]!);
  return (
    <Dialog class="qr-dialog" title={t("Scan with a phone")} onClose={onClose}>
      <img src={networkApi.qrAddress(url)} alt={t("QR code of {url}", { url })} />
      <div class="url">
        <code>{shown(url)}</code>
        <CopyButton label={t("Copy {url}", { url })} text={() => url} />
      </div>
      <div class="qr-foot">
        {urls.length > 1 && (
          <fieldset class="choices">
            <legend class="visually-hidden">{t("Kind of address")}</legend>
            {urls.map((one) => (
              <label key={one}>
                <input type="radio" name="qr" checked={one === url} onChange={() => setUrl(one)} />
                {words(one)}
              </label>
            ))}
          </fieldset>
        )}
        <Button autoFocus onClick={onClose}>
          {t("Close")}
        </Button>
      </div>
    </Dialog>
  );
}
