import { rich } from "../language/rich";
import { t } from "../language/t";
import { network, reach } from "../state/network";

const b = (text: string) => <strong>{text}</strong>;

/** Opens by itself once an address did not answer. */
export function Troubles() {
  const { port, https_port, name } = network.value!;
  const missed = [...(reach.value?.values() ?? [])].some((one) => !one.reachable);
  const ports = [port, https_port].filter((one) => one !== null);
  const ufw = ports.map((one) => `sudo ufw allow ${one}/tcp`).join("\n");
  const firewalld = [
    ...ports.map((one) => `sudo firewall-cmd --permanent --add-port=${one}/tcp`),
    "sudo firewall-cmd --reload",
  ].join("\n");
  return (
    <details class="troubles" open={missed}>
      <summary>{t("When another device cannot connect")}</summary>
      <ul>
        <li>
          {rich(
            "<b>The same network?</b> Guest Wi-Fi often keeps devices apart, and so does a VPN on either of them.",
            { b },
          )}
        </li>
        {name && (
          <li>
            <strong>{t("{name} is not found?", { name })}</strong>{" "}
            {t(
              "Some devices do not look for names that end in .local. Use an address with a number.",
            )}
          </li>
        )}
        <li>
          {rich(
            "<b>Windows:</b> set the network to Private, then allow Gantry Edge under Windows Security, Firewall & network protection, Allow an app through firewall.",
            { b },
          )}
        </li>
        <li>
          {rich(
            "<b>macOS:</b> System Settings, Network, Firewall, Options: allow incoming connections for Gantry Edge.",
            { b },
          )}
        </li>
        <li>
          {rich("<b>Linux</b> with ufw:", { b })}
          <pre tabIndex={0}>{ufw}</pre>
          {t("with firewalld:")}
          <pre tabIndex={0}>{firewalld}</pre>
        </li>
      </ul>
    </details>
  );
}
