/** Holds what is typed between the key that opens something and its being there, so that none of it lands in the box behind. */

import { type RefObject, useLayoutEffect } from "react";

/** Letters that are held at most. */
const TYPED_MAX = 100;

export function Typed({ into, onClose }: { into: RefObject<string>; onClose: () => void }): null {
  useLayoutEffect(() => {
    function hold(event: KeyboardEvent): void {
      const { key, ctrlKey, metaKey, altKey, isComposing } = event;
      if (isComposing || ctrlKey || metaKey || altKey) return;
      if (key === "Escape") onClose();
      else if (key === "Backspace") into.current = into.current.slice(0, -1);
      else if (key.length === 1) into.current = (into.current + key).slice(0, TYPED_MAX);
      else if (key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
    }
    window.addEventListener("keydown", hold, { capture: true });
    return () => window.removeEventListener("keydown", hold, { capture: true });
  }, [into, onClose]);
  return null;
}
