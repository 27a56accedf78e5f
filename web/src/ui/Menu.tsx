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
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    list.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    const closeOutside = (event: PointerEvent) => {
      const inside =
        event.target instanceof Node &&
        (list.current?.contains(event.target) || button.current?.contains(event.target));
      if (!inside) setOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [open]);

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      entries[to % entries.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
    } else {
      return;
    }
    event.stopPropagation();
  }

  return (
    <span className="menu">
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
      {open && (
        <div
          ref={list}
          id={id}
          className="menu-list"
          role="menu"
          aria-label={label}
          onKeyDown={onKeyDown}
          tabIndex={-1}
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              tabIndex={-1}
              {...(item.checked === undefined
                ? { role: "menuitem" }
                : { role: "menuitemradio", "aria-checked": item.checked })}
              onClick={() => {
                close();
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
      )}
    </span>
  );
}
