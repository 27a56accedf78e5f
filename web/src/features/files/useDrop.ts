/** Files that are dragged over a room: whether some are, and what happens when they are let fall. */

import { type DragEvent, useRef, useState } from "react";

type Drop = {
  readonly over: boolean;
  readonly handlers: {
    onDragEnter(event: DragEvent): void;
    onDragOver(event: DragEvent): void;
    onDragLeave(event: DragEvent): void;
    onDrop(event: DragEvent): void;
  };
};

export function useDrop(onFiles: (files: readonly File[]) => void): Drop {
  const [over, setOver] = useState(false);
  // Every element within is entered and left.
  const depth = useRef(0);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    over,
    handlers: {
      onDragEnter(event) {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      },
      onDragOver(event) {
        // Without it the browser opens the file in the place of the page.
        if (hasFiles(event)) event.preventDefault();
      },
      onDragLeave(event) {
        if (!hasFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) setOver(false);
      },
      onDrop(event) {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      },
    },
  };
}
