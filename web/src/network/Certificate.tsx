import { date } from "../language/formats";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { network } from "../state/network";
import { fingerprintLines, trustAddress } from "../state/places";
import { CopyButton } from "../ui/CopyButton";

export function Certificate() {
  const { ca } = network.value!;
  if (!ca) return null;
  const address = trustAddress(network.value!);
  return (
    <section aria-labelledby="certificate">
      <h2 id="certificate">{t("Certificate")}</h2>
      <p>
        {rich(
          "A device trusts this appliance once its certificate is installed there. The <a>trust page</a> has the file and the steps for each system. Whoever installs it compares this fingerprint (SHA-256):",
          {
            a: (text) => (
              <a href="/trust" target="_blank">
                {text}
              </a>
            ),
          },
        )}
      </p>
      <code class="fingerprint">
        {fingerprintLines(ca.fingerprint).map((line) => (
          <span key={line}>{line}</span>
        ))}
      </code>
      <dl class="facts">
        <dt>{t("Valid until")}</dt>
        <dd>{date(ca.not_after, "long")}</dd>
        {address && (
          <>
            <dt>{t("Trust page")}</dt>
            <dd class="url">
              <a href={address} target="_blank" rel="noreferrer">
                {address}
              </a>
              <CopyButton label={t("Copy the address of the trust page")} text={() => address} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
