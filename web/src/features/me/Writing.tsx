/** How the box behaves in this browser (UX 3.5 L). */

import type { ReactNode } from "react";
import { keysText } from "../../ui/keys";
import { me } from "../../ui/strings/me";
import { Preferred } from "./Preferred";

export function Writing(): ReactNode {
  return (
    <>
      <Preferred what="enter" label={me.enter} choices={me.enterDoes(keysText("Ctrl+Enter"))} />
      <Preferred what="typing" label={me.typing} choices={me.typingIs} />
      <Preferred what="spelling" label={me.spelling} choices={me.spellingIs} />
    </>
  );
}
