import { useEffect } from "preact/hooks";
import { PageHeader } from "../shell/PageHeader";
import { cutOff, loadNetwork, network } from "../state/network";
import { wayBack } from "../state/places";
import { user } from "../state/session";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { Addresses } from "./Addresses";
import { Certificate } from "./Certificate";
import { HttpsSwitch, LanSwitch } from "./switches";
import "../settings/sheet.css";

/** Addresses come and go with cables and Wi-Fi. */
const LOOK_AGAIN = 5_000;

function CutOff() {
  const stillShared = cutOff.value!.lan;
  const address = wayBack(network.value!, stillShared, location);
  return (
    <section>
      <h2>{stillShared ? "HTTPS is off now" : "Sharing is off now"}</h2>
      <p>
        This page came by the way that has just been closed, so it is cut off.{" "}
        {stillShared ? "Go on" : "On the machine itself, go on"} at <a href={address}>{address}</a>.
      </p>
    </section>
  );
}

function Shared() {
  const { lan, https, problem } = network.value!;
  const isOwner = user.value?.role === "owner";
  return (
    <>
      {problem && <Notice>{problem}</Notice>}
      <LanSwitch isOwner={isOwner} />
      {lan && <Addresses isOwner={isOwner} />}
      {lan && <HttpsSwitch isOwner={isOwner} />}
      {lan && https && <Certificate />}
    </>
  );
}

function Loading() {
  const { run, error } = useAction(loadNetwork);
  useEffect(() => {
    void run();
    const timer = setInterval(() => {
      if (!document.hidden && !cutOff.peek()) loadNetwork().catch(() => {});
    }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, []);
  if (cutOff.value) return <CutOff />;
  if (network.value) return <Shared />;
  if (!error) return <p class="hint">Looking at the network…</p>;
  return (
    <>
      <Notice>{error}</Notice>
      <Button onClick={() => void run()}>Try again</Button>
    </>
  );
}

export function NetworkView() {
  const allowed = user.value?.role !== "member";
  return (
    <div class="view">
      <PageHeader title="Share on the network" />
      <div class="view-scroll">
        <div class="settings-body network">
          <a class="back" href="/settings">
            <Icon name="left" /> Settings
          </a>
          {allowed ? <Loading /> : <p>Only the owner and administrators see this.</p>}
        </div>
      </div>
    </div>
  );
}
