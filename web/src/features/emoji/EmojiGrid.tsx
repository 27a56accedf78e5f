/** Emoji side by side: one stop of the Tab key, arrows within, Enter or a press chooses. */

import { type KeyboardEvent, type ReactNode, useState } from "react";

export type Sign = { readonly sign: string; readonly name: string };

/** In a row. */
const COLUMNS = 8;

type Props = {
  readonly label: string;
  readonly signs: readonly Sign[];
  readonly onChoose: (sign: string) => void;
};

export function EmojiGrid({ label, signs, onChoose }: Props): ReactNode {
  const [at, setAt] = useState(0);
  const stop = Math.min(at, signs.length - 1);
  const rows = Array.from({ length: Math.ceil(signs.length / COLUMNS) }, (_, row) =>
    signs.slice(row * COLUMNS, (row + 1) * COLUMNS),
  );

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    const ends = { Home: 0, End: signs.length - 1 };
    const step = steps[event.key as keyof typeof steps];
    const to = ends[event.key as keyof typeof ends] ?? (step === undefined ? undefined : stop + step);
    if (to === undefined || to < 0 || to >= signs.length) return;
    event.preventDefault();
    setAt(to);
    event.currentTarget.querySelectorAll<HTMLElement>("button")[to]?.focus();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of buttons is no table of data
    <div className="emoji-grid" role="grid" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {rows.map((row, line) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: the focus is on what is in it
        <div key={row[0]?.sign} role="row">
          {row.map(({ sign, name }, column) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <span key={sign} role="gridcell">
              <button
                type="button"
                tabIndex={line * COLUMNS + column === stop ? 0 : -1}
                aria-label={name}
                title={name}
                onClick={() => onChoose(sign)}
              >
                {sign}
              </button>
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
