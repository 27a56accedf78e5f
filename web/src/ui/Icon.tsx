/** The few drawings of the interface: 20 px grid, 1.5 stroke, the colour of the text. */

import type { ReactNode } from "react";

const PATHS = {
  attach: "M14.5 9.5 9 15a3.2 3.2 0 0 1-4.5-4.5l6-6a2.1 2.1 0 0 1 3 3l-5.8 5.8a1 1 0 0 1-1.5-1.5L11 7",
  back: "M12.5 4.5 7 10l5.5 5.5",
  file: "M6 3h5.5L15 6.5V17H6zM11 3v4h4",
  close: "M5 5l10 10M15 5 5 15",
  lock: "M5.5 9.5h9v6.5h-9zM7.5 9.5V7a2.5 2.5 0 0 1 5 0v2.5",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM7 11.5c.6 1.3 1.7 2 3 2s2.4-.7 3-2M7.7 8.2v.3M12.3 8.2v.3",
  people:
    "M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2.5 16c0-2.5 2.2-4 5-4s5 1.5 5 4M13 9.3a2.5 2.5 0 0 0 0-4.8M14.5 12.2c1.8.4 3 1.7 3 3.8",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l3.5 3.5",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }): ReactNode {
  const width = name === "more" ? 2.4 : 1.5;
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
