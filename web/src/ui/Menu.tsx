import { useId, useRef, useState } from "preact/hooks";
import { IconButton } from "./Button";
import { Icon, type IconName } from "./Icon";
import { placeBeside } from "./place";

export interface MenuItem {
  label: string;
  icon: IconName;
  danger?: boolean;
  run: () => void;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  /** Of its button. */
  tabIndex?: number;
}

/** A popover: the browser closes it on Escape and on a click elsewhere. */
export function Menu({ label, items, tabIndex }: MenuProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLSpanElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  const place = () => placeBeside(button.current, menu.current);

  const focusItem = (at: number) => {
    const all = menu.current!.querySelectorAll("button");
    all[(at + all.length) % all.length]?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...menu.current!.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") menu.current?.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    focusItem(to);
  };

  return (
    <span class="menu" ref={button}>
      <IconButton
        icon="more"
        label={label}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        popovertarget={id}
      />
      <div
        ref={menu}
        id={id}
        class="menu-items floating"
        role="menu"
        aria-label={label}
        popover="auto"
        onKeyDown={onKeyDown}
        onBeforeToggle={place}
        onToggle={() => {
          place();
          setOpen(menu.current?.matches(":popover-open") ?? false);
        }}
      >
        {items.map((item, at) => (
          <button
            key={item.label}
            type="button"
            autoFocus={at === 0}
            role="menuitem"
            tabIndex={-1}
            class={item.danger ? "danger" : ""}
            onClick={() => {
              menu.current?.hidePopover();
              item.run();
            }}
          >
            <Icon name={item.icon} />
            {item.label}
          </button>
        ))}
      </div>
    </span>
  );
}
