/** A native popover beside what it is about: Esc or a press elsewhere closes it, and the focus goes back. */

import { type ReactNode, useLayoutEffect, useRef } from "react";
import "./Popover.css";

const GAP_PX = 4;
const EDGE_PX = 8;

/** A place in the window, in pixels. */
export type Point = { readonly x: number; readonly y: number };

type Props = {
  readonly anchor: HTMLElement;
  /** Where it begins; without it beside its anchor. */
  readonly point?: Point;
  /** What it is called; without it what it holds has a name of its own. */
  readonly label?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

export function Popover({ anchor, point, label, onClose, children }: Props): ReactNode {
  const own = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = own.current;
    if (element === null) return;
    // In a row the button is seen only while the row has the focus.
    const back = anchor.closest<HTMLElement>("[role=article]") ?? anchor;
    element.showPopover();
    place(element, point === undefined ? anchor.getBoundingClientRect() : new DOMRect(point.x, point.y));
    return () => {
      const held = element.contains(document.activeElement) || document.activeElement === document.body;
      if (held && back.isConnected) back.focus({ preventScroll: true });
    };
  }, [anchor, point]);
  return (
    <div
      ref={own}
      popover="auto"
      className="popover"
      {...(label === undefined ? {} : { role: "dialog", "aria-label": label })}
      onToggle={(event) => event.newState === "closed" && onClose()}
    >
      {children}
    </div>
  );
}

/** Below what it is about, else above it, and always wholly in the window. */
function place(element: HTMLElement, at: DOMRect): void {
  const { width, height } = element.getBoundingClientRect();
  const below = at.bottom + GAP_PX;
  const top = below + height + EDGE_PX <= window.innerHeight ? below : at.top - GAP_PX - height;
  const left = Math.min(at.left, window.innerWidth - width - EDGE_PX);
  element.style.top = `${Math.max(EDGE_PX, Math.min(top, window.innerHeight - height - EDGE_PX))}px`;
  element.style.left = `${Math.max(EDGE_PX, left)}px`;
}

/** Whether one is open: then Esc is for it. */
export function isPopoverOpen(): boolean {
  return document.querySelector(".popover:popover-open") !== null;
}
