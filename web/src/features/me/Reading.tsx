/** How the pages look in this browser: each choice holds at once (UX 3.5 L). */

import type { ReactNode } from "react";
import { readTextSize, readTheme, setTextSize, setTheme } from "../../platform/theme";
import { me } from "../../ui/strings/me";
import { Choice } from "../pages/Choice";

const kept = (isKept: boolean) => Promise.resolve(isKept ? null : me.notKept);

export function Reading(): ReactNode {
  return (
    <>
      <Choice label={me.theme} choices={me.themes} read={readTheme} write={(theme) => kept(setTheme(theme))} />
      <Choice
        label={me.textSize}
        choices={me.textSizes}
        read={readTextSize}
        write={(size) => kept(setTextSize(size))}
      />
    </>
  );
}
