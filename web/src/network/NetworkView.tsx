import { useEffect } from "preact/hooks";
import { ConsolePages } from "../console/ConsolePages";
import { rich } from "../language/rich";
import { t } from "../language/t";
import { Back } from "../settings/Back";
import { PageHeader } from "../shell/PageHeader";
import { cutOff, loadNetwork, network } from "../state/network";
import { wayBack } from "../state/places";
import { user } from "../state/session";
import { Button } from "../ui/Button";
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
  const link = <a href={address}>{address}</a>;
  return (
    <section>
      <h2>{stillShared ? t("HTTPS is off now") : t("Sharing is off now")}</h2>
      <p>
        {t("This page came by the way that has just been closed, so it is cut off.")}{" "}
        {stillShared
          ? rich("Go on at {address}.", { address: link })
          : rich("On the machine itself, go on at {address}.", { address: link })}
      </p>
    </section>
  );
}

function Shared() {
  const { lan, https, problem } = network.value!;
  const isOwner = user.value?.role === "owner";
  return (
    <>
      {problem && <Notice>{t(problem)}</Notice>}
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
  if (!error) return <p class="hint">{t("Looking at the network…")}</p>;
  return (
    <>
      <Notice>{error}</Notice>
      <Button onClick={() => void run()}>{t("Try again")}</Button>
    </>
  );
}

export function NetworkView() {
  const allowed = user.value?.role !== "member";
  return (
    <div class="view">
      <PageHeader title={t("Share on the network")} />
      <div class="view-scroll">
        <div class="settings-body network">
          <Back />
          <ConsolePages />
          {allowed ? <Loading /> : <p>{t("Only the owner and administrators see this.")}</p>}
        </div>
      </div>
    </div>
  );
}
