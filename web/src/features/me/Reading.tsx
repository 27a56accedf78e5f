/** How the pages look in this browser: each choice holds at once (UX 3.5 L). */

import type { ReactNode } from "react";
import { me } from "../../ui/strings/me";
import { Preferred } from "./Preferred";

export function Reading(): ReactNode {
  return (
    <>
      <Preferred what="theme" label={me.theme} choices={me.themes} />
      <Preferred what="text" label={me.textSize} choices={me.textSizes} />
      <Preferred what="face" label={me.face} choices={me.faces} />
      <Preferred what="density" label={me.density} choices={me.densities} />
      <Preferred what="clock" label={me.clock} choices={me.clocks} />
      <Preferred what="names" label={me.names} choices={me.namesAs} />
      <Preferred what="cards" label={me.cards} choices={me.cardsAre} />
    </>
  );
}
