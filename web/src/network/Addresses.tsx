import { useState } from "preact/hooks";
import { msg, plural, t } from "../language/t";
import { networkApi } from "../networkApi";
import { checkReach, network, reach } from "../state/network";
import { type Place, placesOf, shown } from "../state/places";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { QrDialog } from "./QrDialog";
import { Troubles } from "./Troubles";

const SHOWN = 5;

function Result({ url }: { url: string }) {
  const found = reach.value?.get(url);
  if (!found) return null;
  const answers =
    found.ms === null
      ? t("Answers")
      : t("Answers in {n} ms", { n: Math.max(1, Math.round(found.ms)) });
  return (
    <p class={found.reachable ? "reached" : "missed"}>
      <Icon name={found.reachable ? "check" : "alert"} />
      {found.reachable ? answers : t(found.problem ?? msg("Does not answer"))}
    </p>
  );
}

/** Where it does not fit, the port goes to the next line as a whole. */
function Breakable({ url }: { url: string }) {
  const port = /:\d+$/.exec(url)?.[0] ?? "";
  return (
    <>
      {url.slice(0, url.length - port.length)}
      <wbr />
      {port}
    </>
  );
}

function PlaceRow({ place }: { place: Place }) {
  const [large, setLarge] = useState(false);
  const first = place.urls[0]!;
  return (
    <li class="place">
      <button
        type="button"
        class="qr"
        aria-label={t("Show the QR code of {url} large", { url: first })}
        title={t("Show large")}
        onClick={() => setLarge(true)}
      >
        <img src={networkApi.qrAddress(first)} alt="" width="72" height="72" />
      </button>
      <div>
        <p class="hint">{place.name || t("By name")}</p>
        {place.urls.map((url) => (
          <div class="url" key={url}>
            <a href={url} target="_blank" rel="noreferrer">
              <Breakable url={shown(url)} />
            </a>
            <CopyButton label={t("Copy {url}", { url })} text={() => url} />
            <Result url={url} />
          </div>
        ))}
      </div>
      {large && <QrDialog urls={place.urls} onClose={() => setLarge(false)} />}
    </li>
  );
}

function PlaceList({ places }: { places: Place[] }) {
  return (
    <ul class="places">
      {places.map((place) => (
        <PlaceRow key={place.urls.join()} place={place} />
      ))}
    </ul>
  );
}

function Check() {
  const { run, busy, error } = useAction(checkReach);
  const results = [...(reach.value?.values() ?? [])];
  const missed = results.filter((one) => !one.reachable).length;
  const summary = missed
    ? t("{n} of {all} addresses did not answer. What to do stands below.", {
        n: missed,
        all: results.length,
      })
    : t("Every address answers.");
  const check = async () => {
    if (await run()) announce(t("Checked. The result stands with each address."));
  };
  return (
    <>
      <Button busy={busy} onClick={() => void check()}>
        {busy ? t("Checking…") : t("Check from here")}
      </Button>
      {error && <Notice>{error}</Notice>}
      {reach.value && (
        <p>
          {results.length ? summary : t("There was no address to check.")}{" "}
          <span class="hint">
            {t(
              "The machine asked itself. Only another device shows whether a firewall lets it in: scan a code with a phone in the same network.",
            )}
          </span>
        </p>
      )}
    </>
  );
}

export function Addresses({ isOwner }: { isOwner: boolean }) {
  const places = placesOf(network.value!);
  const rest = places.slice(SHOWN);
  return (
    <section aria-labelledby="addresses">
      <h2 id="addresses">{t("Addresses")}</h2>
      {places.length ? (
        <p>{t("Scan a code with the camera of a phone, or type an address into a browser.")}</p>
      ) : (
        <p>
          {t(
            "This machine is in no network now. Plug in a cable or join a Wi-Fi; the addresses appear here by themselves.",
          )}
        </p>
      )}
      <PlaceList places={places.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details class="more">
          <summary>{plural(rest.length, "{n} more", "{n} more")}</summary>
          <PlaceList places={rest} />
        </details>
      )}
      {isOwner && places.length > 0 && <Check />}
      {places.length > 0 && <Troubles />}
    </section>
  );
}
