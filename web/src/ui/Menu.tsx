/** A menu button: arrows move, Enter chooses, Esc closes and gives the focus back. */

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import "./Menu.css";

export type MenuItem = { readonly label: string; readonly checked?: boolean; readonly onChoose: () => void };

type Props = {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
  readonly className?: string;
};

export function Menu({ label, items, children, className }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const around = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: PointerEvent) => {
      if (!(event.target instanceof Node && around.current?.contains(event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [open]);

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }

  return (
    <span ref={around} className="menu">
      <button
        ref={button}
        type="button"
        className={className ?? "menu-button"}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && <MenuList id={id} className="menu-list" label={label} items={items} onClose={close} />}
    </span>
  );
}

type ListProps = {
  readonly id?: string;
  readonly className: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
};

/** What a menu holds, wherever it stands: the first entry takes the focus. */
export function MenuList({ id, className, label, items, onClose }: ListProps): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus(), []);

  function onKeyDown(event: KeyboardEvent): void {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      entries[to % entries.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose();
    } else {
      return;
    }
    event.stopPropagation();
  }

  return (
    <div ref={list} id={id} className={className} role="menu" aria-label={label} onKeyDown={onKeyDown} tabIndex={-1}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          tabIndex={-1}
          {...(item.checked === undefined
            ? { role: "menuitem" }
            : { role: "menuitemradio", "aria-checked": item.checked })}
          onClick={() => {
            onClose();
            item.onChoose();
          }}
        >
          <span className="menu-check" aria-hidden="true">
            {item.checked === true ? "✓" : ""}
          </span>
          {item.label}
        </button>
      ))}
    </div>
  );
}
