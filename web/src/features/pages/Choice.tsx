/** One of a few, chosen at once: "Saved" beside it for a moment, or why not, and then it is as it was (UX 3.5 L). */

import { type ReactNode, useId, useState } from "react";
import { SAVED, Saying, useWord } from "./Saved";
import "./Choice.css";

/** Labels of more letters than this in all do not stand side by side on a phone of 390 px: there they stand one above the other. */
const ONE_LINE = 30;

type Props<T extends string> = {
  readonly label: string;
  readonly choices: Readonly<Record<T, string>>;
  /** What holds now. */
  readonly read: () => T;
  /** Makes another hold; what went wrong, in words. */
  readonly write: (value: T) => Promise<string | null>;
};

export function Choice<T extends string>({ label, choices, read, write }: Props<T>): ReactNode {
  const [value, setValue] = useState(read);
  const [word, say] = useWord();
  const group = useId();
  async function choose(chosen: T): Promise<void> {
    setValue(chosen);
    const failed = await write(chosen);
    setValue(read());
    say(failed === null ? SAVED : { ok: false, text: failed });
  }
  const keys = Object.keys(choices).filter((key): key is T => key in choices);
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className={keys.map((key) => choices[key]).join("").length > ONE_LINE ? "segmented long" : "segmented"}>
        {keys.map((key) => (
          <label key={key}>
            <input type="radio" name={group} checked={value === key} onChange={() => void choose(key)} />
            <span>{choices[key]}</span>
          </label>
        ))}
      </div>
      <Saying word={word} />
    </fieldset>
  );
}
