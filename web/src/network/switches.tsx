import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { network } from "../state/network";
import { cutsOff, wayBack } from "../state/places";
import { Button } from "../ui/Button";
import { ChangeForm } from "./ChangeForm";

const strong = (text: string) => <strong>{text}</strong>;

/** Says beforehand that the page itself is on the way that is about to close. */
function Warning({ lan, https }: { lan: boolean; https: boolean }) {
  if (!cutsOff({ lan, https }, location)) return null;
  const code = <code>{wayBack(network.value!, lan, location)}</code>;
  return (
    <p class="warning">
      {rich("<b>You would lose this page:</b> it came by the way you are about to close.", {
        b: strong,
      })}{" "}
      {lan
        ? rich("Go on at {address}.", { address: code })
        : rich("On the machine itself, go on at {address}.", { address: code })}
    </p>
  );
}

interface SwitchProps {
  id: string;
  title: string;
  /** What its button says. */
  offers: [on: string, off: string];
  on: boolean;
  isOwner: boolean;
  /** What it means as it is. */
  children: ComponentChildren;
  form: (close: () => void) => ComponentChildren;
}

function Switch({ id, title, offers, on, isOwner, children, form }: SwitchProps) {
  const [open, setOpen] = useState(false);
  const section = useRef<HTMLElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // The button that opened it is back, perhaps with another word on it.
    if (wasOpen.current && !open) section.current?.querySelector("button")?.focus();
    wasOpen.current = open;
  }, [open]);
  return (
    <section aria-labelledby={id} ref={section}>
      <h2 id={id}>
        {title} <span class={`tag ${on ? "" : "off"}`}>{on ? t("On") : t("Off")}</span>
      </h2>
      {children}
      {!isOwner && <p class="hint">{t("Only the owner can change this.")}</p>}
      {isOwner && !open && (
        <Button look={on ? "plain" : "primary"} onClick={() => setOpen(true)}>
          {offers[on ? 1 : 0]}
        </Button>
      )}
      {open && form(() => setOpen(false))}
    </section>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const change = { lan: false, https: network.value!.https };
  return (
    <ChangeForm
      label={t("Turn off sharing")}
      change={change}
      done={t("Sharing is off.")}
      onClose={onClose}
    >
      <p>
        {t(
          "Other devices lose the connection at once. Answers that are being written are finished.",
        )}
      </p>
      <Warning {...change} />
    </ChangeForm>
  );
}

function TurnOn({ onClose }: { onClose: () => void }) {
  const [https, setHttps] = useState(network.value!.https);
  return (
    <ChangeForm
      label={t("Turn on sharing")}
      change={{ lan: true, https }}
      done={t("Sharing is on. The addresses follow.")}
      onClose={onClose}
    >
      <p>
        {rich(
          "Over plain HTTP, <b>others in this network can read</b> what is sent, passwords included. At home that may do; where strangers use the network too, offer HTTPS.",
          { b: strong },
        )}
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={https}
          onChange={(event) => setHttps(event.currentTarget.checked)}
        />
        <span>
          {t("Offer HTTPS too")}
          <span class="hint">
            {t("Encrypted. Each device has to learn once to trust this appliance.")}
          </span>
        </span>
      </label>
    </ChangeForm>
  );
}

export function LanSwitch({ isOwner }: { isOwner: boolean }) {
  const { lan } = network.value!;
  const Form = lan ? TurnOff : TurnOn;
  return (
    <Switch
      id="sharing"
      title={t("Sharing")}
      offers={[t("Turn on sharing…"), t("Turn off sharing…")]}
      on={lan}
      isOwner={isOwner}
      form={(close) => <Form onClose={close} />}
    >
      {lan ? (
        <p>
          {t(
            "Every device in the same network can open the sign-in page. Nobody gets in without an account.",
          )}
        </p>
      ) : (
        <p>
          {t(
            "Only this machine can open Gantry Edge. Turned on, phones and computers in the same network can open it too; they still need an account to sign in.",
          )}
        </p>
      )}
    </Switch>
  );
}

export function HttpsSwitch({ isOwner }: { isOwner: boolean }) {
  const { https } = network.value!;
  const form = (close: () => void) => (
    <ChangeForm
      label={https ? t("Turn off HTTPS") : t("Turn on HTTPS")}
      change={{ lan: true, https: !https }}
      done={https ? t("HTTPS is off.") : t("HTTPS is on.")}
      onClose={close}
    >
      {https ? (
        <p>
          {t(
            "The encrypted addresses stop answering; the plain ones go on. Devices keep their trust.",
          )}
        </p>
      ) : (
        <p>
          {t(
            "Every address gets an encrypted one beside it. Browsers warn until a device has learned to trust this appliance; a page with steps for each system helps with that.",
          )}
        </p>
      )}
      <Warning lan https={!https} />
    </ChangeForm>
  );
  return (
    <Switch
      id="https"
      title="HTTPS"
      offers={[t("Turn on HTTPS…"), t("Turn off HTTPS…")]}
      on={https}
      isOwner={isOwner}
      form={form}
    >
      {https ? (
        <p>
          {rich(
            "Addresses with {https} are encrypted. The plain ones answer too: others in this network can read what is sent there.",
            { https: <code>https</code> },
          )}
        </p>
      ) : (
        <p>
          {t(
            "Nothing is encrypted: others in this network can read what is sent, passwords included.",
          )}
        </p>
      )}
    </Switch>
  );
}
