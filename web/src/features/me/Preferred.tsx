/** One choice of this browser's. */

import type { ReactNode } from "react";
import { type Preference, readPreference, setPreference, type ValueOf } from "../../platform/preferences";
import { me } from "../../ui/strings/me";
import { Choice } from "../pages/Choice";

type Props<P extends Preference> = {
  readonly what: P;
  readonly label: string;
  readonly choices: Readonly<Record<ValueOf<P>, string>>;
};

export function Preferred<P extends Preference>({ what, label, choices }: Props<P>): ReactNode {
  return (
    <Choice<ValueOf<P>>
      label={label}
      choices={choices}
      read={() => readPreference(what)}
      write={(value) => Promise.resolve(setPreference(what, value) ? null : me.notKept)}
    />
  );
}
