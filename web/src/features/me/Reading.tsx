/** How the pages look in this browser: each choice holds at once (UX 3.5 L). */

import { type ReactNode, useId, useState } from "react";
import { readTextSize, readTheme, setTextSize, setTheme } from "../../platform/theme";
import { me } from "../../ui/strings/me";
import { SAVED, Saying, useWord } from "../pages/Saved";

export function Reading(): ReactNode {
  return (
    <>
      <Choice label={me.theme} choices={me.themes} read={readTheme} write={setTheme} />
      <Choice label={me.textSize} choices={me.textSizes} read={readTextSize} write={setTextSize} />
    </>
  );
}

type ChoiceProps<T extends string> = {
  readonly label: string;
  readonly choices: Readonly<Record<T, string>>;
  readonly read: () => T;
  readonly write: (value: T) => boolean;
};

function Choice<T extends string>({ label, choices, read, write }: ChoiceProps<T>): ReactNode {
  const [value, setValue] = useState(read);
  const [word, say] = useWord();
  const group = useId();
  function choose(chosen: T): void {
    setValue(chosen);
    say(write(chosen) ? SAVED : { ok: false, text: me.notKept });
  }
  const keys = Object.keys(choices).filter((key): key is T => key in choices);
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className="segmented">
        {keys.map((key) => (
          <label key={key}>
            <input type="radio" name={group} checked={value === key} onChange={() => choose(key)} />
            <span>{choices[key]}</span>
          </label>
        ))}
      </div>
      <Saying word={word} />
    </fieldset>
  );
}
