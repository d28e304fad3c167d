import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";

type ButtonProps = Omit<ButtonHTMLAttributes, "class" | "icon"> & {
  look?: "plain" | "primary" | "danger";
  busy?: boolean;
  children: ComponentChildren;
};

export function Button({ look = "plain", busy = false, children, ...rest }: ButtonProps) {
  return (
    <button type="button" class={`button ${look}`} aria-busy={busy} disabled={busy} {...rest}>
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes, "class" | "icon" | "label"> & {
  icon: IconName;
  /** Read aloud, and shown as the tooltip. */
  label: string;
  class?: string;
};

export function IconButton({ icon, label, class: extra = "", ...rest }: IconButtonProps) {
  return (
    <button type="button" class={`icon-button ${extra}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
