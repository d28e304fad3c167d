import { useState } from "preact/hooks";
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
  const ms = found.ms === null ? "" : ` in ${Math.max(1, Math.round(found.ms))} ms`;
  return (
    <p class={found.reachable ? "reached" : "missed"}>
      <Icon name={found.reachable ? "check" : "alert"} />
      {found.reachable ? `Answers${ms}` : (found.problem ?? "Does not answer")}
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
        aria-label={`Show the QR code of ${first} large`}
        title="Show large"
        onClick={() => setLarge(true)}
      >
        <img src={networkApi.qrAddress(first)} alt="" width="72" height="72" />
      </button>
      <div>
        <p class="hint">{place.name}</p>
        {place.urls.map((url) => (
          <div class="url" key={url}>
            <a href={url} target="_blank" rel="noreferrer">
              <Breakable url={shown(url)} />
            </a>
            <CopyButton label={`Copy ${url}`} text={() => url} />
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
    ? `${missed} of ${results.length} addresses did not answer. What to do stands below.`
    : "Every address answers.";
  const check = async () => {
    if (await run()) announce("Checked. The result stands with each address.");
  };
  return (
    <>
      <Button busy={busy} onClick={() => void check()}>
        {busy ? "Checking…" : "Check from here"}
      </Button>
      {error && <Notice>{error}</Notice>}
      {reach.value && (
        <p>
          {results.length ? summary : "There was no address to check."}{" "}
          <span class="hint">
            The machine asked itself. Only another device shows whether a firewall lets it in: scan
            a code with a phone in the same network.
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
      <h2 id="addresses">Addresses</h2>
      {places.length ? (
        <p>Scan a code with the camera of a phone, or type an address into a browser.</p>
      ) : (
        <p>
          This machine is in no network now. Plug in a cable or join a Wi-Fi; the addresses appear
          here by themselves.
        </p>
      )}
      <PlaceList places={places.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details class="more">
          <summary>{rest.length} more</summary>
          <PlaceList places={rest} />
        </details>
      )}
      {isOwner && places.length > 0 && <Check />}
      {places.length > 0 && <Troubles />}
    </section>
  );
}
