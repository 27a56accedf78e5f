/** The edge of a column, which can be dragged, moved with the arrow keys, and set back with a double click (UX 3.2). */

import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type Column, keepWidth, readWidth, setWidth, WIDTHS } from "../platform/widths";
import "./Resizer.css";

const STEP = 16;

export function Resizer({ column, label }: { column: Column; label: string }): ReactNode {
  const [width, show] = useState(() => readWidth(column));
  const grip = useRef<{ readonly x: number; readonly width: number } | null>(null);
  // The list grows to the right, the panel to the left.
  const towards = column === "rail" ? 1 : -1;

  useEffect(() => {
    setWidth(column, readWidth(column));
  }, [column]);

  function move(to: number): void {
    show(setWidth(column, to));
  }

  function settle(to: number): void {
    move(to);
    keepWidth(column, setWidth(column, to));
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { x: event.clientX, width };
  }

  function onPointerMove(event: PointerEvent): void {
    if (grip.current !== null) move(grip.current.width + (event.clientX - grip.current.x) * towards);
  }

  function onPointerUp(): void {
    if (grip.current !== null) keepWidth(column, width);
    grip.current = null;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { min, max } = WIDTHS[column];
    const to = {
      ArrowRight: width + STEP * towards,
      ArrowLeft: width - STEP * towards,
      Home: min,
      End: max,
    }[event.key];
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    settle(to);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved
    <div
      className={`resizer of-${column}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={WIDTHS[column].min}
      aria-valuemax={WIDTHS[column].max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDoubleClick={() => settle(WIDTHS[column].usual)}
      onKeyDown={onKeyDown}
    />
  );
}
