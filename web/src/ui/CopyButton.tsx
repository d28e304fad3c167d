import { useEffect, useState } from "preact/hooks";
import { msg, t } from "../language/t";
import { announce } from "./announce";
import { IconButton } from "./Button";
import { copyText } from "./clipboard";

const FAILED = msg("Copying did not work. Select the text and copy it by hand.");

export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), copied ? 1600 : 6000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const done = await copyText(text());
    setCopied(done);
    announce(done ? t("Copied") : t(FAILED));
  };
  if (copied === false) return <IconButton icon="alert" label={t(FAILED)} onClick={copy} />;
  return <IconButton icon={copied ? "check" : "copy"} label={label} onClick={copy} />;
}
