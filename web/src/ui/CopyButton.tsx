import { useEffect, useState } from "preact/hooks";
import { announce } from "./announce";
import { IconButton } from "./Button";
import { copyText } from "./clipboard";

export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const done = await copyText(text());
    setCopied(done);
    announce(done ? "Copied" : "Copying did not work. Select the text and copy it by hand.");
  };
  return <IconButton icon={copied ? "check" : "copy"} label={label} onClick={copy} />;
}
