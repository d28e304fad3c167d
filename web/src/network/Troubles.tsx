import { network, reach } from "../state/network";

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
      <summary>When another device cannot connect</summary>
      <ul>
        <li>
          <strong>The same network?</strong> Guest Wi-Fi often keeps devices apart, and so does a
          VPN on either of them.
        </li>
        {name && (
          <li>
            <strong>{name} is not found?</strong> Some devices do not look for names that end in
            .local. Use an address with a number.
          </li>
        )}
        <li>
          <strong>Windows:</strong> set the network to Private, then allow Gantry Edge under Windows
          Security, Firewall &amp; network protection, Allow an app through firewall.
        </li>
        <li>
          <strong>macOS:</strong> System Settings, Network, Firewall, Options: allow incoming
          connections for Gantry Edge.
        </li>
        <li>
          <strong>Linux</strong> with ufw:
          <pre tabIndex={0}>{ufw}</pre>
          with firewalld:
          <pre tabIndex={0}>{firewalld}</pre>
        </li>
      </ul>
    </details>
  );
}
