/** What stands in the place of a room and is none. What takes a room's place must not wait for anything. */

import { lazy, type ReactNode, Suspense } from "react";
import type { Screen } from "../store/state";
import { LostRoom } from "./rooms/LostRoom";
import { Nowhere } from "./rooms/Nowhere";

const PeoplePage = lazy(() => import("./people/PeoplePage"));

export function OtherScreen({ screen, onBack }: { screen: Screen; onBack: () => void }): ReactNode {
  return (
    <Suspense fallback={<main className="room" />}>
      {screen.type === "people" && <PeoplePage onBack={onBack} />}
      {screen.type === "lost" && <LostRoom key={screen.room} room={screen.room} name={screen.name} onBack={onBack} />}
      {screen.type === "nowhere" && <Nowhere onBack={onBack} />}
    </Suspense>
  );
}
