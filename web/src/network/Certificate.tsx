import { network } from "../state/network";
import { fingerprintLines, trustAddress } from "../state/places";
import { CopyButton } from "../ui/CopyButton";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

export function Certificate() {
  const { ca } = network.value!;
  if (!ca) return null;
  const address = trustAddress(network.value!);
  return (
    <section aria-labelledby="certificate">
      <h2 id="certificate">Certificate</h2>
      <p>
        A device trusts this appliance once its certificate is installed there. The{" "}
        <a href="/trust" target="_blank">
          trust page
        </a>{" "}
        has the file and the steps for each system. Whoever installs it compares this fingerprint
        (SHA-256):
      </p>
      <code class="fingerprint">
        {fingerprintLines(ca.fingerprint).map((line) => (
          <span key={line}>{line}</span>
        ))}
      </code>
      <dl class="facts">
        <dt>Valid until</dt>
        <dd>{day.format(ca.not_after)}</dd>
        {address && (
          <>
            <dt>Trust page</dt>
            <dd class="url">
              <a href={address} target="_blank" rel="noreferrer">
                {address}
              </a>
              <CopyButton label="Copy the address of the trust page" text={() => address} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
