/** The one thing an owner is told who has just come into a new house: how to have company (UX 3.5 A). */

import { lazy, type ReactNode, useState } from "react";
import { readLocal, writeLocal } from "../../platform/storage";
import { useStore } from "../../react/useStore";
import { Later } from "../../ui/Later";

const FirstInvitation = lazy(async () => ({ default: (await import("./FirstInvitation")).FirstInvitation }));

/** Kept in this browser from the moment the house was made until it is put away. */
const NOTE = "invite-note";

export function InviteNote(): ReactNode {
  const owner = useStore((state) => state.you?.role === "owner");
  const [shown, show] = useState(() => readLocal(NOTE) !== null);
  if (!owner || !shown) return null;
  return (
    <Later>
      <FirstInvitation
        onClose={() => {
          writeLocal(NOTE, null);
          show(false);
        }}
      />
    </Later>
  );
}
