import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { network } from "../state/network";
import { cutsOff, wayBack } from "../state/places";
import { Button } from "../ui/Button";
import { ChangeForm } from "./ChangeForm";

/** Says beforehand that the page itself is on the way that is about to close. */
function Warning({ lan, https }: { lan: boolean; https: boolean }) {
  if (!cutsOff({ lan, https }, location)) return null;
  const address = wayBack(network.value!, lan, location);
  return (
    <p class="warning">
      <strong>You would lose this page:</strong> it came by the way you are about to close. Go on at{" "}
      <code>{address}</code>
      {lan ? "." : " on the machine itself."}
    </p>
  );
}

interface SwitchProps {
  id: string;
  title: string;
  on: boolean;
  isOwner: boolean;
  /** What it means as it is. */
  children: ComponentChildren;
  form: (close: () => void) => ComponentChildren;
}

function Switch({ id, title, on, isOwner, children, form }: SwitchProps) {
  const [open, setOpen] = useState(false);
  const section = useRef<HTMLElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // The button that opened it is back, perhaps with another word on it.
    if (wasOpen.current && !open) section.current?.querySelector("button")?.focus();
    wasOpen.current = open;
  }, [open]);
  const offer = `Turn ${on ? "off" : "on"} ${id === "https" ? title : title.toLowerCase()}…`;
  return (
    <section aria-labelledby={id} ref={section}>
      <h2 id={id}>
        {title} <span class={`tag ${on ? "" : "off"}`}>{on ? "On" : "Off"}</span>
      </h2>
      {children}
      {!isOwner && <p class="hint">Only the owner can change this.</p>}
      {isOwner && !open && (
        <Button look={on ? "plain" : "primary"} onClick={() => setOpen(true)}>
          {offer}
        </Button>
      )}
      {open && form(() => setOpen(false))}
    </section>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const change = { lan: false, https: network.value!.https };
  return (
    <ChangeForm label="Turn off sharing" change={change} done="Sharing is off." onClose={onClose}>
      <p>Other devices lose the connection at once. Answers that are being written are finished.</p>
      <Warning {...change} />
    </ChangeForm>
  );
}

function TurnOn({ onClose }: { onClose: () => void }) {
  const [https, setHttps] = useState(network.value!.https);
  return (
    <ChangeForm
      label="Turn on sharing"
      change={{ lan: true, https }}
      done="Sharing is on. The addresses follow."
      onClose={onClose}
    >
      <p>
        Over plain HTTP, <strong>others in this network can read</strong> what is sent, passwords
        included. At home that may do; where strangers use the network too, offer HTTPS.
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={https}
          onChange={(event) => setHttps(event.currentTarget.checked)}
        />
        <span>
          Offer HTTPS too
          <span class="hint">
            Encrypted. Each device has to learn once to trust this appliance.
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
      title="Sharing"
      on={lan}
      isOwner={isOwner}
      form={(close) => <Form onClose={close} />}
    >
      {lan ? (
        <p>
          Every device in the same network can open the sign-in page. Nobody gets in without an
          account.
        </p>
      ) : (
        <p>
          Only this machine can open Gantry Edge. Turned on, phones and computers in the same
          network can open it too; they still need an account to sign in.
        </p>
      )}
    </Switch>
  );
}

export function HttpsSwitch({ isOwner }: { isOwner: boolean }) {
  const { https } = network.value!;
  const form = (close: () => void) => (
    <ChangeForm
      label={https ? "Turn off HTTPS" : "Turn on HTTPS"}
      change={{ lan: true, https: !https }}
      done={https ? "HTTPS is off." : "HTTPS is on."}
      onClose={close}
    >
      {https ? (
        <p>
          The encrypted addresses stop answering; the plain ones go on. Devices keep their trust.
        </p>
      ) : (
        <p>
          Every address gets an encrypted one beside it. Browsers warn until a device has learned to
          trust this appliance; a page with steps for each system helps with that.
        </p>
      )}
      <Warning lan https={!https} />
    </ChangeForm>
  );
  return (
    <Switch id="https" title="HTTPS" on={https} isOwner={isOwner} form={form}>
      {https ? (
        <p>
          Addresses with <code>https</code> are encrypted. The plain ones answer too: others in this
          network can read what is sent there.
        </p>
      ) : (
        <p>
          Nothing is encrypted: others in this network can read what is sent, passwords included.
        </p>
      )}
    </Switch>
  );
}
